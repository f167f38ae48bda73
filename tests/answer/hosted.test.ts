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
const nothing: Partial<ChatMessage> = {};

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
  code_interpreter_call: [{ code: 'print(1)' }, reasoned('Ran code:\nprint(1)')],
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
  shell_call: [{ action: { commands: ['ls', 'pwd'] } }, reasoned('Ran: ls\npwd')],
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
    assert.deepEqual(messageOf([item]), { role: 'assistant', content: '', refusal: null, annotations: [], ...read });
    const streamed = chunksOf([
      { type: 'response.output_item.added', output_index: 0, item },
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response: responseOf([item]) },
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
