import mri from 'mri';
import type { ProxyOptions } from '../lib/server/index.ts';
import { toBaseUrl } from '../lib/server/settings.ts';

/** What a command line asks for. */
export type Command =
  | { action: 'help' | 'version' }
  | { action: 'wrong'; message: string }
  | {
      action: 'start';
      ports: number[] | undefined;
      host: string | undefined;
      quiet: boolean;
      demo: boolean;
      store: string | undefined;
      options: ProxyOptions;
    }
  | { action: 'show'; file: string; ports: number[] | undefined; host: string | undefined };

const valued = ['port', 'host', 'upstream', 'mode', 'models', 'effort', 'summary', 'reasoning', 'log', 'store', 'cors', 'max-body'];
const switches = ['help', 'version', 'aliases', 'quiet', 'demo', 'inspect', 'disable-auto-web-search'];
/** On, unless `--no-…` is given. */
const switchedOff = ['web-search', 'memory', 'upgrade'];

/** Reads the text of a flag or a variable: the value, or undefined if it is not valid. */
interface Reader<Value> {
  /** What the value must be, for the message. */
  expected: string;
  read: (text: string) => Value | undefined;
}

/** A wrong flag or value; the message is for the user. */
class Wrong extends Error {}

/** Reads a command line and its environment. A flag takes precedence over its variable; an empty variable counts as unset. */
export function readCommand(args: string[], env: NodeJS.ProcessEnv): Command {
  try {
    refuseUnknown(args);
    const flags = mri(args, { alias: { h: 'help', v: 'version' }, string: valued, boolean: [...switches, ...switchedOff] });
    refuseRest(flags);
    if (flags['help']) return { action: 'help' };
    if (flags['version']) return { action: 'version' };
    return readStart(flags, env);
  } catch (error) {
    if (error instanceof Wrong) return { action: 'wrong', message: error.message };
    throw error;
  }
}

function readStart(flags: mri.Argv, env: NodeJS.ProcessEnv): Command {
  const value = <Value>(name: string, { expected, read }: Reader<Value>): Value | undefined => {
    const flag: unknown = flags[name];
    const text = flag === undefined ? env[variableOf(name)] || undefined : String(flag);
    const found = text ? read(text) : undefined;
    if (text !== undefined && found === undefined)
      throw new Wrong(`${flag === undefined ? variableOf(name) : `--${name}`} must be ${expected}`);
    return found;
  };
  const isOn = (name: string, otherwise: boolean): boolean =>
    flags[name] === undefined ? (value(name, onOrOff) ?? otherwise) : Boolean(flags[name]);
  const megabytes = value('max-body', {
    expected: 'a whole number of MiB from 1 to 512',
    read: (text) => readWhole(text, 512) || undefined,
  });
  const listener = {
    ports: value('port', { expected: 'a port or several, such as 5101 or 5101,5102', read: readPorts }),
    host: value('host', { expected: 'an address to listen on', read: String }),
  };
  const [file] = flags._;
  if (file !== undefined) return { action: 'show', file, ...listener };
  return {
    action: 'start',
    ...listener,
    quiet: isOn('quiet', false),
    demo: flags['demo'] === true,
    store: value('store', { expected: 'the URL of a Redis or Valkey server, such as redis://localhost:6379', read: readStore }),
    options: {
      upstream: value('upstream', { expected: 'a base URL, such as https://api.openai.com/v1', read: toBaseUrl }),
      mode: value('mode', oneOf('auto', 'chat', 'responses')),
      models: value('models', { expected: 'a file or the word upstream', read: String }),
      aliases: isOn('aliases', false),
      effort: value('effort', oneOf('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', 'off')),
      summary: value('summary', oneOf('auto', 'concise', 'detailed', 'off')),
      webSearch: isOn('web-search', true) && flags['disable-auto-web-search'] !== true,
      memory: isOn('memory', true),
      upgrade: isOn('upgrade', true),
      reasoning: value('reasoning', oneOf('field', 'quote', 'think', 'off')),
      inspect: isOn('inspect', false),
      log: value('log', { expected: 'a file', read: String }),
      cors: value('cors', { expected: 'origins, such as https://app.example', read: readOrigins }),
      maxBody: megabytes === undefined ? undefined : megabytes * 1024 * 1024,
    },
  };
}

/** `OPENAI_PROXY_MAX_BODY` for `max-body`. */
function variableOf(name: string): string {
  return `OPENAI_PROXY_${name.toUpperCase().replaceAll('-', '_')}`;
}

const known = new Set(['-h', '-v', ...[...valued, ...switches].map((name) => `--${name}`), ...switchedOff.map((name) => `--no-${name}`)]);

/** mri accepts every flag. No value begins with a dash: mri, too, takes such a word for a flag. */
function refuseUnknown(args: string[]): void {
  for (const arg of args) {
    const name = arg.startsWith('--no-') ? arg : arg.split('=', 1)[0];
    if (arg.startsWith('-') && !known.has(name as string)) throw new Wrong(`unknown option ${name}; see --help`);
  }
}

/** mri accepts words beside flags, and every flag more than once. The one word that means something is the file that `--inspect` shows. */
function refuseRest(flags: mri.Argv): void {
  if (flags._.length > (flags['inspect'] === true ? 1 : 0)) throw new Wrong('only options are accepted, no other arguments; see --help');
  for (const [name, value] of Object.entries(flags)) {
    if (Array.isArray(value) && !['_', 'port'].includes(name)) throw new Wrong(`--${name} is given more than once`);
  }
}

function oneOf<Word extends string>(...words: Word[]): Reader<Word> {
  return { expected: `one of ${words.join(', ')}`, read: (text) => words.find((word) => word === text) };
}

const onOrOff: Reader<boolean> = {
  expected: 'on or off',
  read: (text) => (/^(?:on|true|yes|1)$/i.test(text) ? true : /^(?:off|false|no|0)$/i.test(text) ? false : undefined),
};

function readStore(text: string): string | undefined {
  return /^rediss?:\/\/./i.test(text) && URL.canParse(text) ? text : undefined;
}

/** Digits only: `0x50`, `1e3` and `+80` are likely typing errors. */
function readWhole(text: string, most: number): number | undefined {
  return /^\d{1,9}$/.test(text) && Number(text) <= most ? Number(text) : undefined;
}

function readPorts(text: string): number[] | undefined {
  const ports = text.split(',').map((one) => readWhole(one.trim(), 65_535));
  return ports.includes(undefined) ? undefined : [...new Set(ports as number[])];
}

function readOrigins(text: string): string[] | undefined {
  const origins = text.split(',').map((one) => one.trim().replace(/\/$/, ''));
  return origins.every((origin) => /^(?:\*|null|[a-z][a-z\d+.-]*:\/\/[^/\s]+)$/i.test(origin)) ? origins : undefined;
}
