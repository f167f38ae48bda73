import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsOf, toAssistantParts, toInputContent, toOutputContent } from '../../lib/request/content.ts';

const url = 'https://example.com/cat.jpg';
const image = { type: 'image_url', image_url: url };
const sentImage = { type: 'input_image', detail: 'auto', image_url: url };
const text = (said: string): object => ({ type: 'input_text', text: said });
const thought = { type: 'thinking', thinking: 'x' };

test('content is a list, whatever it came as', () => {
  const list = ['a'];
  assert.equal(partsOf(list), list);
  for (const nothing of [null, undefined]) assert.deepEqual(partsOf(nothing), []);
  for (const one of ['a', '', 0, image]) assert.deepEqual(partsOf(one), [one]);
});

const inputs: [content: unknown, sent: unknown][] = [
  ['Hi', 'Hi'],
  ['', ''],
  [null, ''],
  [[], ''],
  [[thought], ''],
  [
    ['a', thought, image],
    [text('a'), sentImage],
  ],
  [image, [sentImage]],
];
for (const [content, sent] of inputs)
  test(`the content of a user: ${JSON.stringify(content)}`, () => assert.deepEqual(toInputContent(content), sent));

const outputs: [content: unknown, sent: unknown][] = [
  ['Hi', 'Hi'],
  [null, ''],
  [[thought], ''],
  [['a', { type: 'text', text: 'b' }], 'ab'],
  [{ type: 'text', text: 'a' }, 'a'],
  [
    ['a', image],
    [text('a'), sentImage],
  ],
  [{ any: ['JSON'] }, '{"any":["JSON"]}'],
  [{ type: 5 }, '{"type":5}'],
  [[{ any: 'JSON' }], '[{"any":"JSON"}]'],
];
for (const [content, sent] of outputs)
  test(`the output of a tool: ${JSON.stringify(content)}`, () => assert.deepEqual(toOutputContent(content), sent));

const said = (content: string): object => ({ type: 'output_text', text: content });
const refused = (refusal: string): object => ({ type: 'refusal', refusal });
const assistants: [message: { [key: string]: unknown }, parts: object[], dropped?: string[]][] = [
  [{ content: 'Hi' }, [said('Hi')]],
  [{ content: '' }, []],
  [{ content: null }, []],
  [
    {
      content: [
        { type: 'text', text: '' },
        { type: 'refusal', refusal: '' },
      ],
    },
    [],
  ],
  [{ content: ['a', { text: 'b' }] }, [said('a'), said('b')]],
  [
    {
      content: [
        { type: 'text', text: 'a' },
        { type: 'output_text', text: 'b' },
        { type: 'input_text', text: 'c' },
      ],
    },
    [said('a'), said('b'), said('c')],
  ],
  [{ content: '<think>\nx\n</think>\n\nHi' }, [said('Hi')]],
  [{ content: [{ type: 'refusal', refusal: 'No.' }] }, [refused('No.')]],
  [
    {
      content: [
        { type: 'refusal', refusal: 5 },
        { type: 'text', text: 5 },
      ],
    },
    [said('5')],
  ],
  [{ content: 'Well.', refusal: 'No.' }, [said('Well.'), refused('No.')]],
  [{ content: 'Well.', refusal: 5 }, [said('Well.')]],
  [{ content: [thought, { type: 'redacted_thinking' }, { type: 'reasoning' }] }, []],
  [{ content: ['a', image, { type: 'hologram' }, 'b'] }, [said('a'), said('b')], ['content[1]', 'content[2]']],
];
for (const [message, parts, dropped = []] of assistants)
  test(`the parts of an assistant: ${JSON.stringify(message)}`, () => {
    const noted: string[] = [];
    assert.deepEqual(
      toAssistantParts(message, 'field', (what) => noted.push(what)),
      parts,
    );
    assert.deepEqual(noted, dropped);
  });
