import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopback } from '../../../lib/server/http/loopback.ts';

test('a host is loopback if no other machine can reach it', () => {
  for (const host of ['localhost', 'app.localhost', '127.0.0.1', '127.9.9.9', '::1', '[::1]']) assert.ok(isLoopback(host), host);
  const others = ['0.0.0.0', '::', '10.0.0.5', '127.0.0.1.example', 'localhost.example', 'notlocalhost', '[::2]', '::12', '1270.0.1', ''];
  for (const host of others) assert.ok(!isLoopback(host), host);
});
