import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { chatBody, forEachBelow } from '../server/bridge-support.ts';
import { call, scriptedUpstream } from '../server/support.ts';
import { giveTurn, message, thought } from '../server/turns.ts';
import { proxyProcess } from './support.ts';

const mebibyte = 1024 * 1024;
const turns = 100_000;
/** Turns after which the process is looked at. */
const step = 20_000;

interface Message {
  role: string;
  content: string;
}

test('100,000 turns stay within the bound of the memory, and the latest come back', { timeout: 1_800_000 }, async (t) => {
  let recalled = false;
  const upstream = await scriptedUpstream(t, (response, { body }) => {
    const { input } = JSON.parse(body.toString('utf8')) as { input: { type?: string }[] };
    recalled = input.some(({ type }) => type === 'reasoning');
    const encrypted = randomBytes(1500).toString('base64');
    giveTurn(
      response,
      [{ ...thought(''), encrypted_content: encrypted }, message(`Answer ${encrypted.slice(0, 800)}`, 'final_answer')],
      false,
    );
  });
  const proxy = await proxyProcess(t, { upstream: upstream.url, mode: 'responses' });
  const ask = async (messages: Message[]): Promise<Message> => {
    const body = chatBody({ model: 'gpt-5.6-sol', messages, stream: false });
    const { text } = await call(proxy.port, { headers: { authorization: 'Bearer soak' }, body });
    upstream.seen.length = 0; // else the test itself would hold them all
    return (JSON.parse(text) as { choices: { message: Message }[] }).choices[0]!.message;
  };
  await ask([{ role: 'user', content: 'Warm up.' }]);
  const before = await proxy.holdings();
  const grown: number[] = [];
  for (let done = 0; done < turns; done += step) {
    await forEachBelow(step, async (n) => void (await ask([{ role: 'user', content: `Question ${done + n}` }])));
    grown.push((await proxy.holdings()).heap - before.heap);
  }
  t.diagnostic(`grown by ${grown.map((bytes) => Math.round(bytes / mebibyte)).join(', ')} MiB after each ${step} turns`);
  const last = grown.at(-1)!;
  assert.ok(last < 80 * mebibyte && last - grown.at(-2)! < 4 * mebibyte, `${last} bytes`);
  const question = { role: 'user', content: 'The last question' };
  const answer = await ask([question]);
  await ask([question, { role: answer.role, content: answer.content }, { role: 'user', content: 'And?' }]);
  assert.ok(recalled);
});
