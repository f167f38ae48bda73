import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toResponsesRequest, type TranslatedRequest } from '../../lib/index.ts';

const explicit = { mode: 'explicit' };
const own = { prompt_cache_breakpoint: { mode: 'explicit', ttl: '12h' } };
const hint = { cache_control: { type: 'ephemeral' } };
const marked = { prompt_cache_breakpoint: explicit };
const url = 'https://example.com/a.png';
const call = { role: 'assistant', tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }] };

function translate(messages: unknown[], model: string, more: object = {}): TranslatedRequest {
  return toResponsesRequest({ model, messages, ...more }, { additions: false });
}

/** The content, or the output, of the last item. */
function sent(messages: unknown[], model = 'gpt-5.6-sol'): unknown {
  const item = (translate(messages, model).request.input as { content?: unknown; output?: unknown }[]).at(-1)!;
  return item.content ?? item.output;
}

const result = (content: unknown, more: object = {}): unknown[] => [call, { role: 'tool', tool_call_id: 'c1', content, ...more }];

test("OpenAI's breakpoints are carried over wherever the API has them, for every model", () => {
  for (const model of ['gpt-5.6-sol', 'gpt-4.1', 'qwen3']) {
    for (const role of ['system', 'developer', 'user'])
      assert.deepEqual(sent([{ role, content: [{ type: 'text', text: 'a', ...own }] }], model), [
        { type: 'input_text', text: 'a', ...own },
      ]);
    assert.deepEqual(sent([{ role: 'user', content: [{ type: 'image_url', image_url: { url }, ...own }] }], model), [
      { type: 'input_image', detail: 'auto', image_url: url, ...own },
    ]);
    assert.deepEqual(sent([{ role: 'user', content: [{ type: 'file', file: { file_id: 'file-1' }, ...own }] }], model), [
      { type: 'input_file', file_id: 'file-1', ...own },
    ]);
    assert.deepEqual(
      sent(
        result([
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b', ...own },
        ]),
        model,
      ),
      [
        { type: 'input_text', text: 'a' },
        { type: 'input_text', text: 'b', ...own },
      ],
    );
  }
});

test("an assistant's text has no breakpoint in Responses: a note says so", () => {
  const { request, notes } = translate([{ role: 'assistant', content: [{ type: 'text', text: 'a', ...own }] }], 'gpt-5.6-sol');
  assert.deepEqual(request.input, [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'a' }] }]);
  assert.deepEqual(notes, ['dropped messages[0].content[0].prompt_cache_breakpoint']);
});

test('cache_control becomes a breakpoint on models that have them', () => {
  assert.deepEqual(sent([{ role: 'user', content: [{ type: 'text', text: 'a', ...hint }] }]), [
    { type: 'input_text', text: 'a', ...marked },
  ]);
  assert.deepEqual(sent([{ role: 'user', content: [{ type: 'text', text: 'a', ...hint, ...own }] }]), [
    { type: 'input_text', text: 'a', ...own },
  ]);
  assert.deepEqual(sent([{ role: 'user', content: [{ type: 'image_url', image_url: { url }, ...hint }] }]), [
    { type: 'input_image', detail: 'auto', image_url: url, ...marked },
  ]);
  assert.deepEqual(sent(result([{ type: 'text', text: 'a', ...hint }])), [{ type: 'input_text', text: 'a', ...marked }]);
});

test('a message may be marked as a whole: the breakpoint stands after its last part', () => {
  assert.deepEqual(sent([{ role: 'system', content: 'a', ...hint }]), [{ type: 'input_text', text: 'a', ...marked }]);
  assert.deepEqual(sent(result('a', hint)), [{ type: 'input_text', text: 'a', ...marked }]);
  assert.deepEqual(
    sent([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
        ...hint,
      },
    ]),
    [
      { type: 'input_text', text: 'a' },
      { type: 'input_text', text: 'b', ...marked },
    ],
  );
  assert.equal(sent([{ role: 'user', content: '', ...hint }]), '');
});

test('cache_control is only a hint: where it cannot be carried over, it is dropped without a word', () => {
  for (const model of ['gpt-5.5', 'gpt-4.1', 'qwen3']) {
    const messages = [
      { role: 'system', content: 's', ...hint },
      { role: 'user', content: [{ type: 'text', text: 'a', ...hint }] },
      { role: 'assistant', content: [{ type: 'text', text: 'b', ...hint }], ...hint },
    ];
    const tools = [
      { type: 'function', function: { name: 'f', ...hint }, ...hint },
      { type: 'function', name: 'g', ...hint },
      { type: 'custom', custom: { name: 'c', ...hint }, ...hint },
      { type: 'web_search', ...hint },
    ];
    const { request, notes } = translate(messages, model, { tools, functions: [{ name: 'h', ...hint }], ...hint });
    assert.deepEqual(notes, []);
    assert.doesNotMatch(JSON.stringify(request), /cache_control|breakpoint/);
    assert.deepEqual((request.input as object[])[0], { role: 'system', content: 's' });
  }
  const { request, notes } = translate(
    [
      { role: 'assistant', content: [{ type: 'text', text: 'b', ...hint }] },
      { role: 'user', content: [{ type: 'text', text: 'a', cache_control: null }] },
    ],
    'gpt-5.6-sol',
    { tools: [{ type: 'function', function: { name: 'f' }, ...hint }], ...hint },
  );
  assert.deepEqual(notes, []);
  assert.doesNotMatch(JSON.stringify(request), /cache_control|breakpoint/);
});
