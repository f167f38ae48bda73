// The clients in a process of their own, on bare sockets: as much of HTTP as shows where an answer begins and ends.
import { connect, type Socket } from 'node:net';
import { requestBody, type Kind } from './payloads.ts';

export type Order =
  | { do: 'open'; port: number; path: string; kind: Kind; connections: number }
  /** Request after request on every open connection. */
  | { do: 'run'; ms: number }
  /** One request on every open connection, whose answers do not end; until each has begun. */
  | { do: 'hold' }
  /** What came since the last count. */
  | { do: 'count' }
  | { do: 'close' };

export interface Loaded {
  requests: number;
  /** Answers with another status than 200, and connections that broke. */
  failures: number;
  /** Of the first of them. */
  failure: string;
  events: number;
  /** Milliseconds from the request to the first bytes of the answer's body. */
  first: { p50: number; p99: number };
}

interface Client {
  socket: Socket;
  sent: number;
  /** Bytes of the body still to come; -1 for a chunked one, undefined while the head is to come. */
  left: number | undefined;
  tail: string;
  began: boolean;
  done: () => void;
}

function nothing(): Omit<Loaded, 'first'> & { times: number[] } {
  return { requests: 0, failures: 0, failure: '', events: 0, times: [] };
}

let clients: Client[] = [];
let request = '';
let loaded = nothing();
let running = false;

function open({ port, path, kind, connections }: Extract<Order, { do: 'open' }>): Promise<void> {
  const body = requestBody(kind);
  request =
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer sk-bench-0123456789abcdef0123456789abcdef\r\n` +
    `content-type: application/json\r\naccept: application/json\r\nuser-agent: OpenAI/Python 2.8.1\r\nx-stainless-lang: python\r\n` +
    `x-bench: ${kind}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  return inHundreds(Array.from({ length: connections }), () => {
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    const client: Client = { socket, sent: 0, left: undefined, tail: '', began: false, done: () => {} };
    clients.push(client);
    socket.on('data', (bytes) => take(client, bytes));
    socket.on('error', ({ message }) => {
      fail(message);
      client.done();
    });
    return new Promise((resolve) => void socket.once('connect', resolve).once('error', () => resolve()));
  });
}

/** At most a hundred at a time, so that no queue of a listener overflows. */
async function inHundreds<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += 100) await Promise.all(items.slice(at, at + 100).map(work));
}

function fail(why: string): void {
  loaded.failures += 1;
  loaded.failure ||= why;
}

function send(client: Client): void {
  client.left = undefined;
  client.tail = '';
  client.began = false;
  client.sent = performance.now();
  client.socket.write(request);
}

const headEnd = '\r\n\r\n';
const bodyEnd = '\r\n0\r\n\r\n';

function take(client: Client, bytes: Buffer): void {
  let body = bytes;
  if (client.left === undefined) {
    const text = client.tail + bytes.toString('latin1');
    const end = text.indexOf(headEnd);
    if (end < 0) {
      client.tail = text;
      return;
    }
    if (!text.startsWith('HTTP/1.1 200')) fail(text.slice(0, 40));
    client.left = Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, end + 2))?.[1] ?? -1);
    body = bytes.subarray(bytes.length - (text.length - end - headEnd.length));
    client.tail = '\r\n';
  }
  if (body.length === 0) return;
  if (!client.began) {
    client.began = true;
    loaded.times.push(performance.now() - client.sent);
    if (!running) client.done();
  }
  if (client.left >= 0) client.left -= body.length;
  else {
    // what has no end is counted by events
    if (!running) for (let at = body.indexOf('\n\n'); at >= 0; at = body.indexOf('\n\n', at + 2)) loaded.events += 1;
    client.tail = client.tail.slice(-bodyEnd.length) + body.toString('latin1', Math.max(0, body.length - bodyEnd.length));
  }
  if (client.left !== 0 && !client.tail.endsWith(bodyEnd)) return;
  loaded.requests += 1;
  client.done();
}

/** Sends on every connection; again after each answer, until the time is over. */
function run(ms: number): Promise<void[]> {
  running = true;
  const end = performance.now() + ms;
  return Promise.all(
    clients.map(
      (client) =>
        new Promise<void>((resolve) => {
          client.done = () => (performance.now() < end && !client.socket.destroyed ? send(client) : resolve());
          send(client);
        }),
    ),
  );
}

function hold(): Promise<void> {
  running = false;
  return inHundreds(
    clients,
    (client) =>
      new Promise((resolve) => {
        client.done = resolve;
        send(client);
      }),
  );
}

function count(): Loaded {
  const { times, ...counts } = loaded;
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  loaded = nothing();
  return { ...counts, first: { p50: at(0.5), p99: at(0.99) } };
}

async function obey(order: Order): Promise<void> {
  if (order.do === 'open') await open(order);
  if (order.do === 'run') await run(order.ms);
  if (order.do === 'hold') await hold();
  if (order.do === 'close') {
    for (const { socket } of clients) socket.destroy();
    clients = [];
  }
}

process.on('message', (order: Order) => void obey(order).then(() => process.send?.(count())));
process.on('disconnect', () => process.exit());
