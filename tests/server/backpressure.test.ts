import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { call, memoryOf, rawRequest, scriptedUpstream, serveCommand, until } from './support.ts';

const MiB = 1024 * 1024;

describe('a client that does not read', () => {
  for (const [path, content] of [
    ['/v1/chat/completions', '{}'],
    ['/v1/files/x/content', undefined],
  ] as const) {
    it(`pauses the upstream: ${path}`, async (t) => {
      let written = 0;
      const upstream = await scriptedUpstream(t, async (response) => {
        const piece = Buffer.alloc(64 * 1024, 'x');
        const pieces = Readable.from(Array.from({ length: 300 * 16 }, () => piece));
        pieces.on('data', () => (written += piece.length));
        await pipeline(pieces, response).catch(() => {});
      });
      const { port, child } = await serveCommand(t, ['--upstream', upstream.url, '--mode', 'chat', '--quiet']);
      const before = await memoryOf(child.pid);
      const head =
        content === undefined
          ? `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`
          : `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}`;
      const raw = rawRequest(t, port, head);
      await until(() => raw.text().includes('200 OK'), 'the answer has begun');
      raw.socket.pause();
      await delay(1000);
      assert.ok(written < 16 * MiB, `${written} bytes were taken from the upstream`);
      const now = await memoryOf(child.pid);
      assert.ok(now - before < 64 * MiB, `${now - before} bytes more are held`);
      assert.equal((await call(port, { path: '/health' })).status, 200);
      raw.socket.destroy();
      await until(() => upstream.seen[0]?.aborted === true, 'the upstream’s connection is closed');
    });
  }
});
