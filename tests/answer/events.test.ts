// Every stream event by its name in the types of the official `openai` package: one that is new there does not compile here until it has its effect.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type OpenAI from 'openai';
import { silentEvents } from '../../lib/answer/events.ts';
import type { SentEvent } from '../../lib/index.ts';
import { createChunkStream } from '../../lib/index.ts';
import { chunksOf, head, message, plain, responseOf } from './support.ts';
import type { UnpublishedEvent } from './unpublished.ts';

type EventType = OpenAI.Responses.ResponseStreamEvent['type'];

/**
 * What an event does: `begin` names the Response, `item` brings something of an output item, `end` is the last one, `fail` an error,
 * `part` begins or ends a part of an item, `none` has no effect.
 */
type Effect = 'begin' | 'item' | 'part' | 'end' | 'fail' | 'none';

const events: Record<EventType | UnpublishedEvent, Effect> = {
  'response.created': 'begin',
  'response.queued': 'begin',
  'response.in_progress': 'begin',
  'response.output_item.added': 'item',
  'response.output_item.done': 'item',
  'response.content_part.added': 'part',
  'response.content_part.done': 'part',
  'response.output_text.delta': 'item',
  'response.output_text.done': 'item',
  'response.output_text.annotation.added': 'item',
  'response.refusal.delta': 'item',
  'response.refusal.done': 'item',
  'response.function_call_arguments.delta': 'item',
  'response.function_call_arguments.done': 'item',
  'response.custom_tool_call_input.delta': 'item',
  'response.custom_tool_call_input.done': 'item',
  'response.reasoning_summary_part.added': 'part',
  'response.reasoning_summary_part.done': 'part',
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

const typesOf = (wanted: Effect): string[] => Object.entries(events).flatMap(([type, effect]) => (effect === wanted ? [type] : []));

test('exactly the published events without an effect, and the few that are sent without being published, need not be parsed', () => {
  assert.deepEqual([...silentEvents].toSorted(), typesOf('none').toSorted());
});

test('every event has its effect', () => {
  for (const type of typesOf('begin')) {
    const stream = createChunkStream(plain, head);
    stream.push({ type, response: responseOf([], { model: 'named' }) });
    assert.equal(stream.begun, false, type);
    assert.equal(stream.push({ type: 'response.completed', response: responseOf([message('Hi')]) })[0]?.model, 'named', type);
  }
  for (const type of typesOf('item')) {
    const stream = createChunkStream(plain, head);
    stream.push({ type, output_index: 0, item: message('Hi'), delta: 'Hi', text: 'Hi', refusal: 'Hi', arguments: 'Hi', input: 'Hi' });
    assert.equal(stream.begun, true, type);
  }
  for (const type of typesOf('end')) {
    const stream = createChunkStream(plain, head);
    stream.push({ type, response: responseOf([message('Hi')]) });
    assert.equal(stream.finished, true, type);
  }
  for (const type of typesOf('fail')) {
    const stream = createChunkStream(plain, head);
    assert.throws(
      () => stream.push({ type, response: responseOf([], { error: { message: 'no' } }), message: 'no' }),
      (error: Error) => error.message === 'no',
      type,
    );
  }
});

test('events without an effect, known or not, emit no chunk and change nothing', () => {
  for (const type of [...typesOf('none'), 'response.hologram.delta', '']) {
    const odd = { type, output_index: 0, delta: 'x', text: 'x', item: message('x'), arguments: '{}', response: responseOf([]) };
    const stream = createChunkStream(plain, head);
    assert.deepEqual(stream.push(odd), [], type);
    const last: SentEvent = { type: 'response.completed', response: responseOf([message('Hi')]) };
    assert.deepEqual(stream.push(last), chunksOf([last]), type);
  }
});
