import type { AddressInfo } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { version } from '../lib/server/about.ts';
import { createProxy } from '../lib/server/index.ts';
import type { Exchange, Proxy } from '../lib/server/index.ts';
import { isLoopback } from '../lib/server/http/loopback.ts';
import { hasCredential } from '../lib/server/secrets/credential-hash.ts';
import { modeOf } from '../lib/server/settings.ts';
import { hintFor } from './hints.ts';
import type { Command } from './options.ts';
import { listenError } from './listen-error.ts';
import { leadsBack } from './own-address.ts';
import { requestLine, startLines, usesColour } from './terminal.ts';

/**
 * Starts the proxy and serves until a signal comes.
 * @throws Error with one line for the user.
 */
export async function start({ ports, host, quiet, demo, store, options }: Extract<Command, { action: 'start' }>): Promise<void> {
  const colour = usesColour(process.stdout, process.env);
  const proxy = createProxy({
    ...options,
    inspect: demo && options.inspect ? 'demo' : options.inspect,
    warn,
    store: store === undefined ? undefined : await (await import('../lib/server/store/redis-store.ts')).openRedisStore(store),
    fetch: demo ? (await import('../lib/server/demo/demo.ts')).demoFetch : undefined,
    onFinish: quiet ? undefined : (exchange) => print(linesFor(exchange, upstream, colour)),
  });
  const upstream = demo ? 'demo: built-in examples, no key and no network needed' : proxy.settings.upstream;
  for (const port of ports ?? [5101]) await listen(proxy, port, host);
  if (!ports) await listen(proxy, 5102, host).catch((error: Error) => warn(`${error.message}; continuing with 5101 only`));
  if (!demo && leadsBack(upstream, proxy.listeners, ownAddresses())) throw new Error(`the upstream ${upstream} is this proxy itself`);
  process.on('exit', flush);
  stopOnSignal(proxy);
  const listeners = proxy.listeners.map(({ address, port }) => ({
    url: `http://${address.includes(':') ? `[${address}]` : address}:${port}`,
    mode: modeOf(proxy.settings.mode, port),
  }));
  const onlyLoopback = proxy.listeners.every(({ address }) => isLoopback(address));
  const { url = '' } = listeners.find(({ mode }) => mode === 'responses') ?? listeners[0] ?? {};
  const inspect = proxy.inspectPath === undefined ? undefined : reachable(url) + proxy.inspectPath;
  print(startLines({ version: version(), listeners, onlyLoopback, upstream, models: proxy.models, log: options.log, inspect }, colour));
  flush();
}

/** The address that stands for all of a machine is none that a browser opens. */
function reachable(url: string): string {
  return url.replace(/\/\/(?:0\.0\.0\.0|\[::\]):/, '//127.0.0.1:');
}

function warn(message: string): void {
  process.stderr.write(`openai-proxy: ${message}\n`);
}

let waiting = '';

/** Lines within 20 ms are written together: under load, one write per request would be a large part of its cost. */
function print(lines: string[]): void {
  if (waiting === '') setTimeout(flush, 20); // milliseconds
  for (const line of lines) waiting += `${line}\n`;
}

function flush(): void {
  process.stdout.write(waiting);
  waiting = '';
}

/** Listens on the given address, or on both loopback addresses; `::1` is left out if this machine does not have it. */
async function listen(proxy: Proxy, port: number, host: string | undefined): Promise<void> {
  let bound: AddressInfo;
  try {
    bound = await proxy.listen(port, host);
  } catch (error) {
    throw listenError(port, error);
  }
  if (host === undefined) await proxy.listen(bound.port, '::1').catch(() => {});
}

function ownAddresses(): string[] {
  return [hostname(), ...Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? [])];
}

/** Returns the line for an exchange that has ended, and one more if it shows a usual mistake. */
function linesFor(
  { request, response, port, method, path, search, started, report, secrets }: Exchange,
  upstream: string,
  colour: boolean,
): string[] {
  const { url = '' } = request;
  const { route, model, usage, searches, added, notes, unreachable } = report;
  // an answer that failed after its head is not the success that the head says
  const failed = report.failure !== undefined && response.statusCode < 400;
  const status = response.writableFinished && !failed ? response.statusCode : undefined;
  const hint = hintFor({ path: url, status, hasCredential: hasCredential(request), upstream, unreachable });
  // a hint says the same, and what to do
  const failure = hint === undefined ? report.failure : undefined;
  const firstOutput = report.firstOutput === undefined ? undefined : report.firstOutput - started;
  const total = performance.now() - started;
  const line = requestLine(
    // spreading `report` here would turn it into a dictionary-mode object (20 µs a request)
    {
      time: new Date(),
      port,
      method,
      path: path + search,
      status,
      failure,
      route,
      model,
      firstOutput,
      total,
      usage,
      searches,
      added,
      notes,
      secrets,
    },
    colour,
  );
  return hint === undefined ? [line] : [line, `         ${hint}`];
}

/** The first signal lets running answers finish; a second one exits at once. */
function stopOnSignal(proxy: Proxy): void {
  let stopping = false;
  const signals = [
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ] as const;
  for (const [signal, number] of signals) {
    process.on(signal, () => {
      if (stopping) process.exit(128 + number);
      stopping = true;
      void proxy.close().then(() => process.exit(0));
    });
  }
}
