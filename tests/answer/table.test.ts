// Every output item and every stream event by its name in the types of the official `openai` package: one that is new there does not compile
// here until it is decided what it gives.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type OpenAI from 'openai';
import { eventEffects, type EventEffect } from '../../lib/answer/events.ts';
import { hostedLines } from '../../lib/answer/hosted.ts';
import type { ChatMessage, OutputItem, ResponseEvent } from '../../lib/index.ts';
import { createChunkStream } from '../../lib/index.ts';
import { chunksOf, head, message, plain, responseOf, toldOf } from './support.ts';

type ItemType = OpenAI.Responses.ResponseOutputItem['type'];

/** The item without its type, and what a client reads of it. */
type Told = [item: object, told: Partial<ChatMessage>];

const thought = (reasoning_content: string): Partial<ChatMessage> => ({ reasoning_content });
const nothing: Partial<ChatMessage> = {};

const items: Record<ItemType, Told> = {
  message: [message('Hi'), { content: 'Hi' }],
  reasoning: [{ summary: [{ type: 'summary_text', text: 'Hm' }] }, thought('Hm')],
  function_call: [
    { call_id: 'call_1', id: 'fc_1', name: 'f', arguments: '{}' },
    { content: null, tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }] },
  ],
  custom_tool_call: [
    { call_id: 'call_1', id: 'ctc_1', name: 'c', input: 'in' },
    { content: null, tool_calls: [{ id: 'call_1', type: 'custom', custom: { name: 'c', input: 'in' } }] },
  ],
  web_search_call: [{ action: { type: 'search', query: 'cats', queries: ['cats', 'dogs'] } }, thought('Searched the web: “cats”, “dogs”')],
  file_search_call: [{ queries: ['cats'] }, thought('Searched files: “cats”')],
  code_interpreter_call: [{ code: 'print(1)' }, thought('Ran code:\nprint(1)')],
  image_generation_call: [
    { result: 'AAAA', output_format: 'webp' },
    {
      reasoning_content: 'Generated an image',
      images: [{ type: 'image_url', image_url: { url: 'data:image/webp;base64,AAAA' } }],
    },
  ],
  mcp_call: [{ name: 'roll', server_label: 'dice' }, thought('Called roll on dice')],
  mcp_approval_request: [
    { name: 'roll', server_label: 'dice' },
    thought('Asked for approval to call roll on dice, which a chat client cannot give'),
  ],
  computer_call: [{ action: { type: 'click' } }, thought('Asked to use the computer (click), which a chat client cannot do')],
  local_shell_call: [{ action: { command: ['ls', '-l'] } }, thought('Asked to run: ls -l')],
  shell_call: [{ action: { commands: ['ls', 'pwd'] } }, thought('Ran: ls\npwd')],
  apply_patch_call: [{ operation: { path: 'a.txt' } }, thought('Asked to patch a.txt, which a chat client cannot do')],
  tool_search_call: [{ arguments: {} }, thought('Searched for tools')],
  program: [{}, thought('Ran a program')],
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

for (const [type, [fields, told]] of Object.entries(items)) {
  test(`an output item of type ${type} is told`, () => {
    const item = itemOf(type, fields);
    assert.deepEqual(toldOf([item]), { role: 'assistant', content: '', refusal: null, annotations: [], ...told });
    const streamed = chunksOf([
      { type: 'response.output_item.added', output_index: 0, item },
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response: responseOf([item]) },
    ]).flatMap(({ choices }) => (choices[0] ? [choices[0].delta] : []));
    assert.equal(streamed.map((delta) => delta.content ?? '').join(''), told.content ?? '');
    assert.equal(streamed.map((delta) => delta.reasoning_content ?? '').join(''), told.reasoning_content ?? '');
  });
}

test('no other item is known, and an unknown one is told in a note only', () => {
  const handled = ['message', 'reasoning', 'function_call', 'custom_tool_call'];
  assert.deepEqual([...hostedLines.keys(), ...handled].toSorted(), Object.keys(items).toSorted());

  const stream = createChunkStream(plain, head);
  const chunks = stream.push({ type: 'response.completed', response: responseOf([itemOf('hologram_call', {}), message('Hi')]) });
  assert.deepEqual(
    chunks.flatMap(({ choices }) => (choices[0] ? [choices[0].delta] : [])),
    [{ role: 'assistant', content: '' }, { content: 'Hi' }, {}],
  );
  assert.deepEqual(stream.notes, ['ignored an output item of type hologram_call']);
});

type EventType = OpenAI.Responses.ResponseStreamEvent['type'];
/** Events that servers send though the package does not have them. */
type Unpublished = 'keepalive' | 'response.apply_patch_call_operation_diff.delta' | 'response.apply_patch_call_operation_diff.done';

const events: Record<EventType | Unpublished, EventEffect> = {
  'response.created': 'begin',
  'response.queued': 'begin',
  'response.in_progress': 'begin',
  'response.output_item.added': 'item',
  'response.output_item.done': 'item',
  'response.content_part.added': 'none',
  'response.content_part.done': 'none',
  'response.output_text.delta': 'item',
  'response.output_text.done': 'item',
  'response.output_text.annotation.added': 'item',
  'response.refusal.delta': 'item',
  'response.refusal.done': 'item',
  'response.function_call_arguments.delta': 'item',
  'response.function_call_arguments.done': 'item',
  'response.custom_tool_call_input.delta': 'item',
  'response.custom_tool_call_input.done': 'item',
  'response.reasoning_summary_part.added': 'none',
  'response.reasoning_summary_part.done': 'none',
  'response.reasoning_summary_text.delta': 'item',
  'response.reasoning_summary_text.done': 'item',
  'response.reasoning_text.delta': 'item',
  'response.reasoning_text.done': 'item',
  'response.completed': 'end',
  'response.incomplete': 'end',
  'response.failed': 'fail',
  error: 'fail',
  keepalive: 'none',
  'response.audio.delta': 'none',
  'response.audio.done': 'none',
  'response.audio.transcript.delta': 'none',
  'response.audio.transcript.done': 'none',
  'response.web_search_call.in_progress': 'none',
  'response.web_search_call.searching': 'none',
  'response.web_search_call.completed': 'none',
  'response.file_search_call.in_progress': 'none',
  'response.file_search_call.searching': 'none',
  'response.file_search_call.completed': 'none',
  'response.code_interpreter_call.in_progress': 'none',
  'response.code_interpreter_call.interpreting': 'none',
  'response.code_interpreter_call.completed': 'none',
  'response.code_interpreter_call_code.delta': 'none',
  'response.code_interpreter_call_code.done': 'none',
  'response.image_generation_call.in_progress': 'none',
  'response.image_generation_call.generating': 'none',
  'response.image_generation_call.partial_image': 'none',
  'response.image_generation_call.completed': 'none',
  'response.mcp_call.in_progress': 'none',
  'response.mcp_call.completed': 'none',
  'response.mcp_call.failed': 'none',
  'response.mcp_call_arguments.delta': 'none',
  'response.mcp_call_arguments.done': 'none',
  'response.mcp_list_tools.in_progress': 'none',
  'response.mcp_list_tools.completed': 'none',
  'response.mcp_list_tools.failed': 'none',
  'response.shell_call_command.added': 'none',
  'response.shell_call_command.delta': 'none',
  'response.shell_call_command.done': 'none',
  'response.shell_call_output_content.delta': 'none',
  'response.shell_call_output_content.done': 'none',
  'response.apply_patch_call_operation_diff.delta': 'none',
  'response.apply_patch_call_operation_diff.done': 'none',
  'response.compaction.compacting': 'none',
};

test('exactly the published events are known, and the few that are sent without', () => {
  assert.deepEqual(Object.fromEntries(eventEffects), events);
});

test('events without an effect, known or not, give no chunk and change nothing', () => {
  const silent = Object.entries(events).flatMap(([type, effect]) => (effect === 'none' ? [type] : []));
  for (const type of [...silent, 'response.hologram.delta', '']) {
    const odd = { type, output_index: 0, delta: 'x', text: 'x', item: message('x'), arguments: '{}', response: responseOf([]) };
    const stream = createChunkStream(plain, head);
    assert.deepEqual(stream.push(odd), [], type);
    const last: ResponseEvent = { type: 'response.completed', response: responseOf([message('Hi')]) };
    assert.deepEqual(stream.push(last), chunksOf([last]), type);
  }
});
