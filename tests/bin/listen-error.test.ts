import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { listenError } from '../../bin/listen-error.ts';
import { listen } from '../server/support.ts';

/** What Node reports if a port cannot be opened. */
function failure(port: number, host: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', resolve);
    server.listen(port, host, () => server.close(() => reject(new Error(`${host}:${port} was free`))));
  });
}

test('a port that cannot be opened is told in words, with what to do', async (t) => {
  const busy = createServer();
  const port = await listen(busy);
  t.after(() => busy.close());
  const errors: [error: unknown, message: string][] = [
    [await failure(port, '127.0.0.1'), 'port 80 is in use, perhaps by another openai-proxy; choose another with --port'],
    [await failure(0, '192.0.2.1'), 'port 80 cannot be opened: this machine has no such address; see --host'],
    [Object.assign(new Error('x'), { code: 'EACCES', syscall: 'listen' }), 'port 80 needs higher privileges; choose another with --port'],
    [
      Object.assign(new Error('x'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }),
      'port 80 cannot be opened: the host name is unknown; see --host',
    ],
    [Object.assign(new Error('x'), { code: 'EMFILE', syscall: 'listen' }), 'port 80 cannot be opened (EMFILE)'],
  ];
  for (const [error, message] of errors) {
    const told = listenError(80, error) as Error;
    assert.deepEqual([told.message, told.cause], [message, error]);
  }
});

test('an error about anything else stays as it is', () => {
  for (const error of [new Error('x'), new TypeError('y'), Object.assign(new Error('z'), { code: 'ERR_X' })])
    assert.equal(listenError(80, error), error);
});
