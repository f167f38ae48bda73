import type { Mode, Route, TokenUsage } from '../lib/server/index.ts';
import { redactorFor } from '../lib/server/secrets/redact.ts';
import { redactUrl } from '../lib/server/secrets/redact-url.ts';

/** What the line of a request that has ended shows. */
export interface Finished {
  time: Date;
  port: number;
  method: string;
  path: string;
  /** undefined if the answer did not come to its end. */
  status: number | undefined;
  /** Why the request failed; if there is neither this nor a status, the client left. */
  failure?: string | undefined;
  route?: Route | undefined;
  model?: string | undefined;
  /** Milliseconds to the first output. */
  firstOutput?: number | undefined;
  /** Milliseconds. */
  total: number;
  usage?: TokenUsage | undefined;
  /** Web searches that are billed. */
  searches?: number | undefined;
  /** The proxy's own names: `web_search`, `effort`, … */
  added: readonly string[];
  /** `dropped seed`, … */
  notes: readonly string[];
  /** The credentials of the request: a client may have put one into a path or a model's name. */
  secrets?: readonly string[] | undefined;
}

/** What the proxy is when it starts. */
export interface Started {
  version: string;
  /** `http://127.0.0.1:5101`, without a path. */
  listeners: readonly { url: string; mode: Mode }[];
  /** No other machine can reach any of the listeners. */
  onlyLoopback: boolean;
  upstream: string;
  /** Where the list of models comes from, in words: `./models.json`, `the built-in list`. */
  models: string;
  log?: string | undefined;
  /** The address of the inspector, with its token. */
  inspect?: string | undefined;
}

/** Whether to write in colours: on a terminal, unless NO_COLOR (no-color.org) or FORCE_COLOR says otherwise. */
export function usesColour(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  if (env['NO_COLOR']) return false;
  const { FORCE_COLOR: force } = env;
  if (force !== undefined) return force !== '0' && force !== 'false';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

const modes = {
  chat: 'Chat Completions, passed through as they are',
  responses: 'Chat Completions, answered by /v1/responses',
};

/** Returns the lines that are printed at the start. */
export function startLines(started: Started, colour: boolean): string[] {
  const { version, listeners, onlyLoopback, upstream, models, log, inspect } = started;
  const urls = listeners.map(({ url, mode }) => ({ url: `${url}/v1`, does: modes[mode] }));
  const width = Math.max(...urls.map(({ url }) => url.length));
  const line = (name: string, text: string): string => `  ${paint('dim', name.padEnd(9), colour)} ${text}`;
  return [
    paint('bold', `openai-proxy ${version}`, colour),
    ...urls.map(({ url, does }, at) => line(at === 0 ? 'listens' : '', `${paint('cyan', url.padEnd(width), colour)}  ${does}`)),
    ...(onlyLoopback ? [line('', 'only this machine; --host 0.0.0.0 for others and for containers on Linux')] : []),
    line('upstream', printable(upstream)),
    line('models', printable(models)),
    ...(log === undefined ? [] : [line('log', printable(log))]),
    ...(inspect === undefined ? [] : [line('inspect', paint('cyan', inspect, colour))]),
  ];
}

/** In characters: more of a text is not looked at. */
const longest = 2000;

/** Returns the line that is printed when a request has ended, without its line feed. */
export function requestLine(finished: Finished, colour: boolean): string {
  const { time, port, method, status, failure, route, firstOutput, total, usage, searches = 0, added, notes } = finished;
  const redactor = redactorFor(finished.secrets ?? []);
  // Of a longer text only what is safe to show when its rest is not seen: it is not redacted and escaped whole just to be cut.
  const safe = (text: string): string => (text.length > longest ? redactor.stream().push(text.slice(0, longest)) : redactor.redact(text));
  const shown = (text: string, most: number): string => cut(printable(safe(text)), most);
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join(':');
  const first = firstOutput === undefined ? '' : `${duration(firstOutput)}/`;
  const what = [
    method.padEnd(4),
    shown(redactUrl(finished.path.slice(0, longest)), 40).padEnd(20),
    (route === undefined ? '' : `→ ${route}`).padEnd(11),
    shown(finished.model ?? '', 28),
  ];
  const columns = [
    `${paint('dim', `${clock} ${port}`, colour)} ${what.join(' ').trimEnd().padEnd(56)}`,
    paint(statusColour(finished), status === undefined ? (failure === undefined ? 'left' : 'fail') : `${status} `, colour) +
      `${first}${duration(total)}`.padStart(12),
    usage ? tokens(usage) : '',
    searches > 0 ? `${searches} ${searches === 1 ? 'search' : 'searches'}` : '',
  ];
  const additions = added.map((name) => `+${name}`).join(' ');
  if (additions) columns.push(paint('cyan', additions, colour));
  if (notes.length)
    columns.push(
      paint(
        'yellow',
        listed(notes, (note) => shown(note, 80)),
        colour,
      ),
    );
  if (failure !== undefined) columns.push(paint('red', shown(failure, 120), colour));
  return columns.filter(Boolean).join('  ');
}

function tokens({ input, output, cached, reasoning }: TokenUsage): string {
  const part = (count: number, name: string): string => (count > 0 ? ` (${amount(count)} ${name})` : '');
  return `in ${amount(input)}${part(cached, 'cached')} out ${amount(output)}${part(reasoning, 'reasoning')}`;
}

/** `830ms`, `4.2s`, `42s`, `3m05s`, `1h02m`. */
function duration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)}ms`;
  if (milliseconds < 9_950) return `${(milliseconds / 1000).toFixed(1)}s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${twoDigits(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h${twoDigits(Math.floor(seconds / 60) % 60)}m`;
}

/** `999`, `1.2k`, `42k`, `1.3M`. */
function amount(count: number): string {
  if (count < 1000) return String(count);
  if (count < 9_950) return `${(count / 1000).toFixed(1)}k`;
  if (count < 999_500) return `${Math.round(count / 1000)}k`;
  return `${(count / 1_000_000).toFixed(1)}M`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

/** Returns at most six notes, and how many more there are. */
function listed(notes: readonly string[], shown: (note: string) => string): string {
  const most = 6;
  return notes.slice(0, most).map(shown).join(', ') + (notes.length > most ? ` and ${notes.length - most} more` : '');
}

/** Returns the text with invisible characters escaped (control characters, changes of direction, …), so that nothing a client sent can steer the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

const colours = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

function paint(name: keyof typeof colours, text: string, colour: boolean): string {
  return colour && text ? `\x1b[${colours[name]}m${text}\x1b[0m` : text;
}

function statusColour({ status, failure }: Finished): keyof typeof colours {
  if (status === undefined) return failure === undefined ? 'yellow' : 'red';
  return status < 400 ? 'green' : status < 500 ? 'yellow' : 'red';
}
