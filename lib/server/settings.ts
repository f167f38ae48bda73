import type { ReasoningStyle } from '../answer-context.ts';
import type { AdditionSettings } from '../request/additions/addition.ts';
import { defaultAdditions } from '../request/additions/additions.ts';

/** How a port serves a chat completion: passed through, or by `/v1/responses`. */
export type Mode = 'chat' | 'responses';

/** How a proxy is set up. The command's flags are one way to fill it in. */
export interface ProxySettings extends Omit<AdditionSettings, 'encryptedContent'> {
  /** The upstream's base URL, without a trailing slash: `https://api.openai.com/v1`. */
  upstream: string;
  /** `auto`: port 5102 is `responses`, any other `chat`. */
  mode: 'auto' | Mode;
  /** A `models.json` to read, `upstream`, or undefined for the built-in list. */
  models: string | undefined;
  /** List the effort aliases in responses mode. */
  aliases: boolean;
  /** Keep reasoning between tool calls. */
  memory: boolean;
  /** In chat mode, serve through `/v1/responses` what the upstream refuses on `/v1/chat/completions`. */
  upgrade: boolean;
  /** undefined: `quote` for Xcode, else `field`. */
  reasoning: ReasoningStyle | undefined;
  /** Origins that may call from a browser; undefined for the default rule. */
  cors: string[] | undefined;
  /** The limit of a request body in bytes. */
  maxBody: number;
  /** Sends requests to the upstream, with bodies as bytes or, if the proxy does not read them, as a stream; the global `fetch` if not given. */
  fetch: typeof globalThis.fetch;
  /** Milliseconds of silence after which a keep-alive comment goes to the client. */
  keepAlive: number;
  /** Milliseconds that running answers get to finish at a shutdown. */
  grace: number;
  /** Milliseconds to connect to the upstream. */
  connectTimeout: number;
  /** Milliseconds that a request waits for a store that several proxies share. */
  storeTimeout: number;
  /** Milliseconds that a client has to send the head of a request. */
  headersTimeout: number;
  /** Milliseconds that a client has to send a whole request. */
  requestTimeout: number;
}

/** Returns the settings of a proxy for which nothing was set. */
export function defaultSettings(): ProxySettings {
  return {
    upstream: 'https://api.openai.com/v1',
    mode: 'auto',
    models: undefined,
    aliases: false,
    ...defaultAdditions,
    memory: true,
    upgrade: true,
    reasoning: undefined,
    cors: undefined,
    maxBody: 64 * 1024 * 1024,
    fetch: globalThis.fetch,
    keepAlive: 15_000,
    grace: 10_000,
    connectTimeout: 10_000,
    storeTimeout: 50,
    headersTimeout: 30_000,
    requestTimeout: 300_000,
  };
}

/**
 * Returns a base URL in the form of `ProxySettings.upstream`: without a slash at the end, and with `/v1` if it has no path. undefined for a
 * text that is not the base URL of an HTTP server.
 */
export function toBaseUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, username, password, search, hash, origin, pathname } = new URL(text);
  // fetch takes no credentials in a URL, and nothing can be appended to a query.
  if (!/^https?:$/.test(protocol) || username || password || search || hash) return undefined;
  const path = pathname.endsWith('/') ? pathname.slice(0, -1) : pathname;
  return origin + (path || '/v1');
}

/** Whether a base URL is that of OpenAI itself. */
export function isOpenAI(upstream: string): boolean {
  return new URL(upstream).hostname === 'api.openai.com';
}

/**
 * Returns the mode of a request. A container may map both of the host's ports to one: then the port that the client names in `Host` tells
 * them apart.
 */
export function modeOf(mode: ProxySettings['mode'], port: number, host = ''): Mode {
  if (mode !== 'auto') return mode;
  if (host.endsWith(':5101')) return 'chat';
  return host.endsWith(':5102') || port === 5102 ? 'responses' : 'chat';
}
