import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brief } from '../../../lib/request/brief.ts';
import { briefOf } from '../../../lib/server/bridge/brief-data.ts';
import { cutData } from '../../../lib/server/http/cut-data.ts';

const data = (length: number): string => `data:image/png;base64,${'A'.repeat(length)}B`;

/** What a text is in a body whose long data was cut out, and what stands for it there. */
function cutOf(text: string): { named: string; paste: (json: Buffer) => Buffer[] } {
  const { json, paste } = cutData(Buffer.from(JSON.stringify([text, data(70_000)])));
  return { named: (JSON.parse(json.toString('utf8')) as string[])[0] ?? '', paste };
}

test('data under a short name is as brief as the whole text would be', () => {
  for (const text of ['', 'hi – there', data(100), data(70_000), data(1_000_000), 'long '.repeat(5000)]) {
    const { named, paste } = cutOf(text);
    assert.equal(briefOf(paste)(named), brief(text));
  }
});

test("a text that was cut out whole is brief without its client's escapes", () => {
  const said = `ä/b ${'c'.repeat(600)}`;
  const body = JSON.stringify({ messages: [{ role: 'tool', tool_call_id: 'a', content: said }] }).replace('ä/b', '\\u00e4\\/b');
  const { json, paste } = cutData(Buffer.from(body));
  const [message] = (JSON.parse(json.toString()) as { messages: { content: string }[] }).messages;
  assert.ok(message!.content.length < 100, 'it has a short name');
  assert.equal(briefOf(paste)(message!.content), said);
});
