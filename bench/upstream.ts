// The upstream in a process of its own, as cheap as it can be: it looks for the end of a request and sends an answer that is ready.
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { pace, paths, streamedAnswer, wholeAnswer, type Kind, type Mode } from './payloads.ts';

const streamHead =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\nx-request-id: req_1\r\ntransfer-encoding: chunked\r\n\r\n';
const prepared = new Map<string, Buffer>();
const paced: Record<Mode, Set<Socket>> = { chat: new Set(), responses: new Set() };

function inChunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

function prepare(mode: Mode, kind: Kind): Buffer {
  if (kind === 'json' || kind === 'image' || kind === 'agent' || kind.startsWith('turn')) {
    const body = wholeAnswer(mode, kind);
    return Buffer.from(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: req_1\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
  const isOpen = kind === 'paced' || kind === 'idle';
  const { before, deltas, after } = streamedAnswer(mode, isOpen ? 1 : Number(kind.slice('stream-'.length)));
  if (isOpen) return Buffer.from(streamHead + inChunk([...before, ...deltas].join('')));
  return Buffer.from(`${streamHead}${inChunk([...before, ...deltas, ...after].join(''))}0\r\n\r\n`);
}

function answer(socket: Socket, mode: Mode, kind: Kind): void {
  const key = `${mode} ${kind}`;
  let bytes = prepared.get(key);
  if (!bytes) prepared.set(key, (bytes = prepare(mode, kind)));
  socket.write(bytes);
  if (kind === 'paced') paced[mode].add(socket);
}

const server = createServer((socket) => {
  let head = Buffer.alloc(0);
  let left = 0; // bytes of the body still to come
  let mode: Mode = 'chat';
  let kind: Kind = 'json';
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('close', () => paced[mode].delete(socket));
  socket.on('data', (bytes) => {
    if (left === 0) {
      head = head.length > 0 ? Buffer.concat([head, bytes]) : bytes;
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      const text = head.toString('latin1', 0, end);
      mode = text.includes(paths.responses) ? 'responses' : 'chat';
      kind = (/\r\nx-bench: ([\w-]+)/i.exec(text)?.[1] ?? 'json') as Kind;
      left = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0) - (head.length - end - 4);
      head = Buffer.alloc(0);
    } else left -= bytes.length;
    if (left === 0) answer(socket, mode, kind);
  });
});

// One timer for all paced streams: each turn goes on with the next ones.
const turn = 10; // milliseconds
for (const mode of ['chat', 'responses'] as const) {
  const delta = Buffer.from(inChunk(streamedAnswer(mode, 1).deltas.join('')));
  let due = 0;
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    const sockets = paced[mode];
    due = Math.min(due + ((now - last) / 1000) * sockets.size * pace, sockets.size);
    last = now;
    for (const socket of sockets) {
      if (due < 1) break;
      due -= 1;
      socket.write(delta);
      // to the end of the line
      sockets.delete(socket);
      sockets.add(socket);
    }
  }, turn);
}

server.listen(0, '127.0.0.1', 4096, () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
