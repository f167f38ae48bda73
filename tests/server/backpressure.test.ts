import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { call, rawRequest, scriptedUpstream, serveCommand, until } from './support.ts';

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
        for (let n = 0; n < 300 * 16 && !response.destroyed; n += 1) {
          written += piece.length;
          if (!response.write(piece)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
        }
        response.end();
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

/** The bytes of memory that a process holds. */
async function memoryOf(pid: number | undefined): Promise<number> {
  const { readFile } = await import('node:fs/promises');
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}
