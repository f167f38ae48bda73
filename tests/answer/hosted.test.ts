// Every output item by its name in the types of the official `openai` package: one that is new there does not compile here until it has its case.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type OpenAI from 'openai';
import type { ChatMessage, OutputItem } from '../../lib/index.ts';
import { createChunkStream } from '../../lib/index.ts';
import { chunksOf, head, message, messageOf, plain, responseOf } from './support.ts';
import type { UnpublishedItem } from './unpublished.ts';

type ItemType = OpenAI.Responses.ResponseOutputItem['type'];

/** The item without its type, and what a client reads of it. */
type Case = [item: object, read: Partial<ChatMessage>];

const reasoned = (reasoning_content: string): Partial<ChatMessage> => ({ reasoning_content });
/** A client learns nothing of the item: the text after it is all there is. */
const nothing: Partial<ChatMessage> = { content: 'Hi' };

const items: Record<ItemType | UnpublishedItem, Case> = {
  message: [message('Hi'), { content: 'Hi' }],
  reasoning: [{ summary: [{ type: 'summary_text', text: 'Hm' }] }, reasoned('Hm')],
  function_call: [
    { call_id: 'call_1', id: 'fc_1', name: 'f', arguments: '{}' },
    { content: null, tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }] },
  ],
  custom_tool_call: [
    { call_id: 'call_1', id: 'ctc_1', name: 'c', input: 'in' },
    { content: null, tool_calls: [{ id: 'call_1', type: 'custom', custom: { name: 'c', input: 'in' } }] },
  ],
  web_search_call: [{ action: { type: 'search', query: 'cats', queries: ['cats', 'dogs'] } }, reasoned('Searched the web: “cats”, “dogs”')],
  file_search_call: [{ queries: ['cats'] }, reasoned('Searched files: “cats”')],
  code_interpreter_call: [{ code: 'print(1)' }, reasoned('Ran code:\n```python\nprint(1)\n```')],
  image_generation_call: [
    { result: 'AAAA', output_format: 'webp' },
    {
      reasoning_content: 'Generated an image',
      images: [{ type: 'image_url', image_url: { url: 'data:image/webp;base64,AAAA' } }],
    },
  ],
  mcp_call: [{ name: 'roll', server_label: 'dice' }, reasoned('Called roll on dice')],
  mcp_approval_request: [
    { name: 'roll', server_label: 'dice' },
    reasoned('Asked for approval to call roll on dice, which a chat client cannot give'),
  ],
  computer_call: [{ action: { type: 'click' } }, reasoned('Asked to use the computer (click), which a chat client cannot do')],
  local_shell_call: [{ action: { command: ['ls', '-l'] } }, reasoned('Asked to run: ls -l')],
  shell_call: [
    { action: { commands: ['ls', 'pwd'] }, environment: { type: 'container_reference' } },
    reasoned('Ran:\n```sh\nls\npwd\n```'),
  ],
  apply_patch_call: [{ operation: { path: 'a.txt' } }, reasoned('Asked to patch a.txt, which a chat client cannot do')],
  tool_search_call: [{ arguments: {} }, reasoned('Searched for tools')],
  program: [{}, reasoned('Ran a program')],
  mcp_list_tools: [{ tools: [] }, nothing],
  mcp_approval_response: [{}, nothing],
  additional_tools: [{}, nothing],
  compaction: [{}, nothing],
  tool_search_output: [{}, nothing],
  program_output: [{}, nothing],
  function_call_output: [{ output: 'x' }, nothing],
  custom_tool_call_output: [{ output: 'x' }, nothing],
  computer_call_output: [{}, nothing],
  local_shell_call_output: [{}, nothing],
  shell_call_output: [{}, nothing],
  apply_patch_call_output: [{}, nothing],
};

const itemOf = (type: string, fields: object): OutputItem => ({ ...fields, type }) as OutputItem;

for (const [type, [fields, read]] of Object.entries(items)) {
  test(`an output item of type ${type} reaches the client`, () => {
    const item = itemOf(type, fields);
    const after = read === nothing ? [message('Hi')] : [];
    assert.deepEqual(messageOf([item, ...after]), { role: 'assistant', content: '', refusal: null, annotations: [], ...read });
    const streamed = chunksOf([
      { type: 'response.output_item.added', output_index: 0, item },
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response: responseOf([item, ...after]) },
    ]).flatMap(({ choices }) => (choices[0] ? [choices[0].delta] : []));
    assert.equal(streamed.map((delta) => delta.content ?? '').join(''), read.content ?? '');
    assert.equal(streamed.map((delta) => delta.reasoning_content ?? '').join(''), read.reasoning_content ?? '');
  });
}

test('an item of an unknown type is a note only', () => {
  const stream = createChunkStream(plain, head);
  const chunks = stream.push({ type: 'response.completed', response: responseOf([itemOf('hologram_call', {}), message('Hi')]) });
  assert.deepEqual(
    chunks.flatMap(({ choices }) => (choices[0] ? [choices[0].delta] : [])),
    [{ role: 'assistant', content: '' }, { content: 'Hi' }, {}],
  );
  assert.deepEqual(stream.notes, ['ignored an output item of type hologram_call']);
});

test('a tool that failed is reported as failed, in the words of the server', () => {
  const error = { code: 'http_error', message: 'it is closed' };
  const failed: [type: string, fields: object, line: string][] = [
    ['web_search_call', { action: { type: 'search', query: 'cats' } }, 'Web search (“cats”) failed: it is closed'],
    ['web_search_call', { action: { type: 'open_page', url: 'https://a.example' } }, 'Opening https://a.example failed: it is closed'],
    ['web_search_call', { action: { type: 'find', pattern: 'x', url: 'y' } }, 'Looking for “x” in y failed: it is closed'],
    ['web_search_call', {}, 'Web search failed: it is closed'],
    ['file_search_call', { queries: ['cats'] }, 'Search in files (“cats”) failed: it is closed'],
    ['code_interpreter_call', { code: 'x' }, 'Code failed: it is closed:\n```python\nx\n```'],
    ['image_generation_call', { result: null }, 'Image generation failed: it is closed'],
    ['image_generation_call', { result: 'AAAA' }, 'Image generation failed: it is closed'],
    ['mcp_call', { name: 'roll', server_label: 'dice' }, 'Call of roll on dice failed: it is closed'],
    ['mcp_list_tools', { server_label: 'dice' }, 'Listing the tools of dice failed: it is closed'],
    ['tool_search_call', {}, 'Search for tools failed: it is closed'],
    ['program', { code: 'x' }, 'A program failed: it is closed:\n```js\nx\n```'],
    ['shell_call', { action: { commands: ['ls'] }, environment: { type: 'container_reference' } }, 'A command failed: it is closed: ls'],
  ];
  for (const [type, fields, line] of failed) {
    const { reasoning_content, images } = messageOf([itemOf(type, { ...fields, status: 'failed', error })]);
    assert.deepEqual([reasoning_content, images], [line, undefined]);
  }
  const call = { name: 'roll', server_label: 'dice' };
  const texts: [fields: object, line: string][] = [
    [{ error: 'closed' }, 'Call of roll on dice failed: closed'],
    [
      {
        error: {
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
      },
      'Call of roll on dice failed: a\nb',
    ],
    [{ error: { code: 503 } }, 'Call of roll on dice failed: 503'],
    [{ status: 'failed' }, 'Call of roll on dice failed'],
    [{ error: '' }, 'Called roll on dice'],
    [{ server_label: '' }, 'Called roll'],
  ];
  for (const [fields, line] of texts) assert.equal(messageOf([itemOf('mcp_call', { ...call, ...fields })]).reasoning_content, line);
});

test('a command is run by the server in a container only', () => {
  const line = (fields: object): string | undefined =>
    messageOf([itemOf('shell_call', { action: { commands: ['ls -l'] }, ...fields })]).reasoning_content;
  assert.equal(line({}), 'Asked to run: ls -l');
  assert.equal(line({ environment: null }), 'Asked to run: ls -l');
  assert.equal(line({ environment: { type: 'local' } }), 'Asked to run: ls -l');
  assert.equal(line({ environment: { type: 'container_reference', container_id: 'c' } }), 'Ran: ls -l');
  assert.equal(line({ action: { commands: ['a\nb'] } }), 'Asked to run:\n```sh\na\nb\n```');
});

test('all actions of a computer call are named', () => {
  const item = itemOf('computer_call', { actions: [{ type: 'click' }, { type: 'type', text: 'x' }, null] });
  assert.equal(messageOf([item]).reasoning_content, 'Asked to use the computer (click, type), which a chat client cannot do');
});

test('the fence around code is longer than any in it', () => {
  const code = 'a ``` b ````';
  assert.equal(
    messageOf([itemOf('code_interpreter_call', { code })]).reasoning_content,
    `Ran code:\n\`\`\`\`\`python\n${code}\n\`\`\`\`\``,
  );
});

const images: [fields: object, url: string][] = [
  [{ result: 'AAAA' }, 'data:image/png;base64,AAAA'],
  [{ result: 'AAAA', output_format: 'jpg' }, 'data:image/jpeg;base64,AAAA'],
  [{ result: 'AAAA', output_format: 'SVG' }, 'data:image/svg+xml;base64,AAAA'],
  [{ result: 'AAAA', output_format: 'image/avif' }, 'data:image/avif;base64,AAAA'],
  [{ result: '/9j/AAAA' }, 'data:image/jpeg;base64,/9j/AAAA'],
  [{ result: 'UklGRAAA', output_format: null }, 'data:image/webp;base64,UklGRAAA'],
  [{ result: 'data:image/gif;base64,AAAA', output_format: 'png' }, 'data:image/gif;base64,AAAA'],
  [{ result: 'https://a.example/x.png' }, 'https://a.example/x.png'],
  [{ result: 'http://a.example/x.png' }, 'http://a.example/x.png'],
  [{ result: 'R0lGODAA' }, 'data:image/gif;base64,R0lGODAA'],
  [{ result: 'PHN2ZyAA' }, 'data:image/svg+xml;base64,PHN2ZyAA'],
  [{ result: 'AAAA', output_format: 'x-image/png' }, 'data:image/png;base64,AAAA'],
  [{ result: 'AAAA', output_format: 'tiff;x' }, 'data:image/png;base64,AAAA'],
  [{ result: 'AAAAhttp:' }, 'data:image/png;base64,AAAAhttp:'],
];

for (const [fields, url] of images) {
  test(`the image of ${JSON.stringify(fields)} has the URL ${url}`, () => {
    assert.deepEqual(messageOf([itemOf('image_generation_call', fields)]).images, [{ type: 'image_url', image_url: { url } }]);
  });
}

test('an image call without an image says so', () => {
  const { reasoning_content, images: none } = messageOf([itemOf('image_generation_call', { result: null })]);
  assert.deepEqual([reasoning_content, none], ['Image generation gave no image', undefined]);
});

test('other details of hosted tools are reported', () => {
  const line = (type: string, fields: object): string | undefined => messageOf([itemOf(type, fields)]).reasoning_content;
  assert.equal(line('web_search_call', {}), 'Searched the web');
  assert.equal(line('web_search_call', { action: { query: '', queries: ['', 'a', 5] } }), 'Searched the web: “a”');
  assert.equal(line('code_interpreter_call', { code: 'a\n' }), 'Ran code:\n```python\na\n```');
  assert.equal(line('code_interpreter_call', { code: '\na' }), 'Ran code:\n```python\n\na\n```');
  assert.equal(line('shell_call', {}), 'Asked to run: ');
  assert.equal(line('mcp_call', { name: 'f', error: { content: [{ text: '' }, { text: 'a' }, {}] } }), 'Call of f failed: a');
  assert.equal(
    line('computer_call', { actions: [], action: { type: 'click' } }),
    'Asked to use the computer (click), which a chat client cannot do',
  );
});
