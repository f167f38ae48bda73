import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOfItem } from '../../lib/answer/item-text.ts';

const items: [item: object, text: string][] = [
  [
    {
      type: 'message',
      content: [
        { type: 'output_text', text: 'a' },
        { type: 'refusal', refusal: 'b' },
        { type: 'output_text', text: 'c' },
      ],
    },
    'abc',
  ],
  [{ type: 'message' }, ''],
  [
    {
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: 'c' }],
      content: [
        { type: 'reasoning_text', text: 'a' },
        { type: 'reasoning_text', text: 'b' },
      ],
    },
    'abc',
  ],
  [{ type: 'reasoning', summary: [{ type: 'summary_text', text: 'a' }] }, 'a'],
  [{ type: 'reasoning', content: [{ type: 'reasoning_text', text: 'a' }] }, 'a'],
  [{ type: 'function_call', name: 'f', arguments: '{}' }, '{}'],
  [{ type: 'custom_tool_call', name: 'f', input: 'in' }, 'in'],
  [{ type: 'web_search_call', arguments: 'x', input: 'y' }, ''],
];

for (const [item, text] of items) {
  test(`the text of ${JSON.stringify(item)} is ${JSON.stringify(text)}`, () => assert.equal(textOfItem(item as never), text));
}
