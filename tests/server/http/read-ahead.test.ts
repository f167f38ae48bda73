import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { budgets } from '../../../lib/budgets.ts';
import { readAhead } from '../../../lib/server/http/read-ahead.ts';
import type { Exchange } from '../../../lib/server/types/exchange.ts';
import { listen, rawRequest, until, type Context, type Raw } from '../support.ts';

interface Upload {
  request: IncomingMessage;
  client: Raw;
  isOver: boolean;
}

/** Starts an upload of 60 MB to a server that reads ahead of it, and takes nothing; `taken` says what it pretends. */
type Start = (taken?: () => number) => Promise<Upload>;

async function uploads(t: Context, maxBody = 64_000_000): Promise<Start> {
  const started: Upload[] = [];
  let next = (): number => 0;
  const server = createServer((request, response) => {
    const upload: Upload = { request, client: undefined as never, isOver: false };
    request.on('readable', () => {}).on('error', () => {});
    readAhead({ request, response, settings: { maxBody } } as unknown as Exchange, next);
    response.on('close', () => (upload.isOver = true));
    started.push(upload);
  });
  const port = await listen(server);
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return async (taken = () => 0) => {
    next = taken;
    const client = rawRequest(t, port, 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 60000000\r\n\r\n');
    client.socket.write(Buffer.alloc(50_000_000));
    const at = started.length;
    await until(() => started.length > at, 'the upload has begun');
    return Object.assign(started[at]!, { client });
  };
}

const isAhead = ({ request }: Upload): boolean => request.readableLength >= 2 * budgets.uploadAhead;

test(
  'of uploads that nobody takes as many are read ahead as the budget says, the next one when one of them ends',
  { timeout: 60_000 },
  async (t) => {
    const start = await uploads(t);
    const first: Upload[] = [];
    for (let n = 0; n < budgets.uploadsAhead; n += 1) first.push(await start());
    await until(() => first.every(isAhead), 'all are read ahead', 20_000);
    const next = await start();
    const before = first.map(({ request }) => request.readableLength);
    await until(
      () => first.every(({ request }, at) => request.readableLength > before[at]! + 2 * budgets.uploadAhead),
      'they go on',
      20_000,
    );
    assert.ok(next.request.readableLength < budgets.uploadAhead, `${next.request.readableLength} bytes`);
    first[0]!.client.socket.destroy();
    await until(() => isAhead(next), 'the next one is read ahead', 30_000);
    assert.ok(first[0]!.isOver);
  },
);

test('a client that has left is noticed behind all that it had sent', { timeout: 60_000 }, async (t) => {
  const start = await uploads(t);
  const upload = await start();
  upload.client.socket.destroy();
  await until(() => upload.isOver, 'it is noticed', 30_000);
});

test('an upload that is taken, or holds as much as a body may have, is not read ahead', { timeout: 60_000 }, async (t) => {
  const start = await uploads(t);
  let bytes = 0;
  const taken = await start(() => (bytes += 1));
  const small = await (await uploads(t, 1000))();
  const stalled = await start();
  await until(() => isAhead(stalled), 'the one beside it is read ahead', 20_000);
  for (const { request } of [taken, small]) assert.ok(request.readableLength < budgets.uploadAhead, `${request.readableLength} bytes`);
});
