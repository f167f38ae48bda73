import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatChunk, OutputItem } from '../../lib/index.ts';
import { createChunkStream, createChunkText, ProxyError, toChatCompletion } from '../../lib/index.ts';
import { eventsOf } from './events.ts';
import { folded } from './fold.ts';
import { chunksIn, chunksOf, head, message, plain, responseOf, toldOf, wholeOf } from './support.ts';

const reasoning = (...texts: string[]): OutputItem => ({
  type: 'reasoning',
  summary: texts.map((text) => ({ type: 'summary_text', text })),
});
const call = (more: Partial<OutputItem> = {}): OutputItem => ({
  type: 'function_call',
  call_id: 'call_1',
  name: 'f',
  arguments: '{}',
  ...more,
});
const contentOf = (output: OutputItem[], json = false): string | null => toldOf(output, { json }).content;

// content

test('answer messages are joined by a blank line, and one that was said already is left out', () => {
  assert.equal(contentOf([message('a'), message('b'), message('a'), message('b'), message('ab')]), 'a\n\nb\n\nab');
});

test('commentary is reasoning, in its place among the summaries', () => {
  const told = toldOf([
    reasoning('one', 'two'),
    message('three', { phase: 'commentary' }),
    reasoning('four'),
    message('Answer', { phase: 'final_answer' }),
  ]);
  assert.deepEqual([told.content, told.reasoning_content], ['Answer', 'one\n\ntwo\n\nthree\n\nfour']);
});

test('commentary alone is told as content too, but not beside a call or a refusal', () => {
  const commentary = message('Looking.', { phase: 'commentary' });
  assert.equal(contentOf([commentary]), 'Looking.');
  assert.equal(contentOf([commentary, call()]), null);
  assert.equal(contentOf([commentary, { type: 'message', content: [{ type: 'refusal', refusal: 'No' }] }]), null);
});

test('nothing but reasoning is an empty text', () => {
  assert.equal(contentOf([reasoning('Hm')]), '');
  assert.equal(contentOf([]), '');
  assert.equal(contentOf([message('')]), '');
});

test('with a JSON format content is the first final answer, else the first message', () => {
  const answer = (text: string): OutputItem => message(text, { phase: 'final_answer' });
  assert.equal(contentOf([message('{"a":1}'), message('{"b":2}')], true), '{"a":1}');
  assert.equal(contentOf([message('{"a":1}'), answer('{"b":2}')], true), '{"a":1}', 'a model that labels no message is not waited for');
  const phases = { model: 'gpt-5.4' };
  assert.equal(toldOf([message('{"a":1}'), answer('{"b":2}'), answer('{"c":3}')], { json: true }, phases).content, '{"b":2}');
  assert.equal(toldOf([message('Looking', { phase: 'commentary' }), message('{"a":1}')], { json: true }, phases).content, '{"a":1}');
});

test('what is left out beside a JSON answer is told in a note', () => {
  const notes: string[] = [];
  toChatCompletion(responseOf([message('{}'), message('[]')]), { ...plain, json: true }, head, (all) => notes.push(...all));
  assert.deepEqual(notes, ['dropped a further message beside the JSON answer']);
});

test('reasoning is never in content beside JSON', () => {
  for (const style of ['quote', 'think'] as const) {
    const told = toldOf([reasoning('Hm'), message('{}')], { json: true, reasoning: style });
    assert.deepEqual([told.content, told.reasoning_content], ['{}', 'Hm']);
  }
  assert.equal(toldOf([reasoning('Hm'), message('{}')], { json: true, reasoning: 'off' }).reasoning_content, undefined);
});

test('a refusal is no content', () => {
  const told = toldOf([
    {
      type: 'message',
      content: [
        { type: 'refusal', refusal: 'I ' },
        { type: 'refusal', refusal: "can't." },
      ],
    },
  ]);
  assert.deepEqual([told.content, told.refusal], [null, "I can't."]);
});

test('commentary that opens the answer and a call that does differ in their first chunk', () => {
  const opening = (output: OutputItem[]): unknown => chunksOf(eventsOf(responseOf(output)))[0]?.choices[0]?.delta.content;
  assert.equal(opening([message('Hi')]), '');
  assert.equal(opening([reasoning('Hm'), call()]), '');
  assert.equal(opening([call()]), null);
  assert.equal(opening([]), '');
});

test('a sign of life changes nothing, before the answer begins and within', () => {
  const response = responseOf([reasoning('Hm'), message('a b c')]);
  const stream = createChunkText(plain, head);
  let text = stream.idle();
  assert.deepEqual(
    text.split('\n\n').flatMap((line) => (line ? [(JSON.parse(line.slice(6)) as ChatChunk).choices[0]?.delta] : [])),
    [{ role: 'assistant', content: '' }, { content: '' }],
  );
  for (const event of eventsOf(response)) text += stream.push(event) + (stream.finished ? '' : stream.idle());
  const told = folded(chunksIn(text), true);
  assert.deepEqual(told.message, folded(chunksOf(eventsOf(response)), true).message);
});

// citations

const cited = (text: string, part: string): OutputItem['content'] => [
  {
    type: 'output_text',
    text,
    annotations: [
      {
        type: 'url_citation',
        url: 'https://a.example/',
        title: 'A',
        start_index: text.indexOf(part),
        end_index: text.indexOf(part) + part.length,
      } as { type: string },
    ],
  },
];

test('citations stand where their text stands in the content, in every style', () => {
  const output = [
    reasoning('Hm'),
    message('First.'),
    message('', { content: [...cited('See (a).', '(a)')!, ...cited(' And (b).', '(b)')!] }),
    reasoning('Hm again'),
    message('', { content: cited('Then (c).', '(c)')! }),
  ];
  for (const style of ['field', 'quote', 'think', 'off'] as const) {
    const { content, annotations } = toldOf(output, { reasoning: style });
    assert.deepEqual(
      annotations.map(({ url_citation: { start_index, end_index } }) => content!.slice(start_index, end_index)),
      ['(a)', '(b)', '(c)'],
      style,
    );
  }
});

test('citations of a message that is not told are not told', () => {
  const twice = message('', { content: cited('See (a).', '(a)')! });
  assert.equal(toldOf([twice, twice]).annotations.length, 1);
  assert.equal(toldOf([{ ...twice, phase: 'commentary' }, message('Answer')]).annotations.length, 0);
});

test('a citation without a title has the host, one without a URL is none, and files have no form', () => {
  const annotations = [
    { type: 'url_citation', url: 'https://a.example/x', title: null, start_index: 0, end_index: 1 },
    { type: 'url_citation', url: 'not a URL', start_index: 0, end_index: 1 },
    { type: 'url_citation', start_index: 0, end_index: 1 },
    { type: 'file_citation', file_id: 'file-1' },
    { type: 'container_file_citation', file_id: 'file-1' },
    { type: 'file_path', file_id: 'file-1' },
  ];
  const told = toldOf([message('', { content: [{ type: 'output_text', text: 'x', annotations }] })]).annotations;
  assert.deepEqual(
    told.map(({ url_citation }) => url_citation.title),
    ['a.example', 'not a URL'],
  );
});

// stop

const stopped = (text: string | string[], stop: string[], more: object = {}): string | null =>
  toldOf(
    [text].flat().map((one) => message(one)),
    { stop, ...more },
  ).content;

const cuts: [name: string, text: string, stop: string[], content: string][] = [
  ['at its first place', 'one two one', ['one'], ''],
  ['before it', 'a STOP b', ['STOP'], 'a '],
  ['nowhere', 'a b c', ['STOP'], 'a b c'],
  ['nowhere, though it begins', 'a STO', ['STOP'], 'a STO'],
  ['at the one that begins first', 'abcd', ['cd', 'bcd'], 'a'],
  ['at a shorter one inside of a longer one that does not come', 'xaab', ['aac', 'ab'], 'xa'],
  ['at an overlapping one', 'aaab', ['aab'], 'a'],
  ['inside of text of several bytes', 'ü👋🏽你好', ['你'], 'ü👋🏽'],
  ['at a sequence of several bytes', 'a👋🏽b', ['👋🏽'], 'a'],
  ['at line ends', 'a\n\nb', ['\n\n'], 'a'],
];

for (const [name, text, stop, content] of cuts) {
  test(`text is cut ${name}, however it is cut into deltas`, () => {
    assert.equal(stopped(text, stop), content);
    for (let size = 1; size <= text.length; size += 1) {
      const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
      const events = eventsOf(responseOf([message(text)]), (whole) => (whole === text ? pieces : [whole]));
      const { message: told, finish_reason } = folded(chunksOf(events, { stop }), true);
      assert.deepEqual([told.content, finish_reason], [content, 'stop']);
    }
  });
}

test('what may be the beginning of a stop sequence is held back, and no more than that', () => {
  const stream = createChunkStream({ ...plain, stop: ['STOP'] }, head);
  const at = { output_index: 0, content_index: 0 };
  stream.push({ type: 'response.output_item.added', output_index: 0, item: message('') });
  const told = ['a S', 'T', 'x', 'STO', 'P b'].map((delta) =>
    stream.push({ type: 'response.output_text.delta', ...at, delta }).map(({ choices }) => choices[0]?.delta.content),
  );
  assert.deepEqual(
    told,
    [['', 'a '], [], ['STx'], [], []].map((one, index) => (index === 2 ? ['S', 'T', 'x'] : one)),
  );
});

test('a stop sequence may span two messages', () => {
  assert.equal(stopped(['one', 'two'], ['e\n\nt']), 'on');
});

test('after a stop sequence nothing is told: no text, no call, no citation, and the reason is stop', () => {
  const output = [message('', { content: [...cited('See (a) STOP.', '(a)')!, ...cited(' And (b).', '(b)')!] }), message('More'), call()];
  const { message: told, finish_reason } = wholeOf(output, { stop: ['STOP'] }).choices[0];
  assert.deepEqual([told.content, told.tool_calls, told.annotations.length, finish_reason], ['See (a) ', undefined, 1, 'stop']);
});

test('a call before the stop sequence stays, and so does the reason', () => {
  const { message: told, finish_reason } = wholeOf([call(), message('a STOP')], { stop: ['STOP'] }).choices[0];
  assert.deepEqual([told.content, told.tool_calls?.length], ['a ', 1]);
  assert.equal(finish_reason, 'stop');
});

test('stop sequences are not looked for in reasoning, refusals, commentary and arguments', () => {
  const output = [reasoning('a STOP'), message('b STOP', { phase: 'commentary' }), call({ arguments: '{"a":"STOP"}' })];
  for (const style of ['field', 'quote', 'think'] as const) {
    const { message: told, finish_reason } = wholeOf(output, { stop: ['STOP'], reasoning: style }).choices[0];
    assert.equal(finish_reason, 'tool_calls');
    assert.ok((told.reasoning_content ?? told.content)!.includes('b STOP'));
    assert.deepEqual(told.tool_calls?.[0], { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"a":"STOP"}' } });
  }
  assert.equal(toldOf([{ type: 'message', content: [{ type: 'refusal', refusal: 'STOP' }] }], { stop: ['STOP'] }).refusal, 'STOP');
});

test('log probabilities end where the text does', () => {
  const tokens = ['a', ' ST', 'OP', ' b'];
  const logprobs = tokens.map((token) => ({ token, logprob: -1, top_logprobs: [] }));
  const output = [message('', { content: [{ type: 'output_text', text: tokens.join(''), annotations: [], logprobs }] })];
  const of = (stop: string[]): string[] | undefined =>
    wholeOf(output, { stop, logprobs: true }).choices[0].logprobs?.content?.map(({ token }) => token);
  assert.deepEqual(of(['STOP']), ['a']);
  assert.deepEqual(of([' b']), ['a', ' ST', 'OP']);
  assert.deepEqual(of(['x']), tokens);
  assert.equal(of(['a']), undefined);
});

test('a stream without usage to wait for is finished with the stop sequence', () => {
  const events = eventsOf(responseOf([message('a STOP b')]));
  for (const includeUsage of [false, true]) {
    const stream = createChunkStream({ ...plain, stop: ['STOP'], includeUsage }, head);
    const at = events.findIndex((event) => {
      stream.push(event);
      return stream.finished;
    });
    assert.equal(events[at]?.type, includeUsage ? 'response.completed' : 'response.output_text.delta');
  }
});

// calls

test('indices are dense, ids are the call ids, one call comes after the other', () => {
  const output = [reasoning('Hm'), call(), { type: 'web_search_call' }, call({ call_id: 'call_2', name: 'g' })];
  assert.deepEqual(toldOf(output).tool_calls, [
    { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } },
    { id: 'call_2', type: 'function', function: { name: 'g', arguments: '{}' } },
  ]);
  folded(chunksOf(eventsOf(responseOf(output))), true);
});

test('shortened names are restored', () => {
  assert.equal(toldOf([call({ name: 'short' })], { names: new Map([['short', 'a long name']]) }).tool_calls?.[0]?.type, 'function');
  const [one] = toldOf([call({ name: 'short' })], { names: new Map([['short', 'a long name']]) }).tool_calls!;
  assert.ok(one?.type === 'function' && one.function.name === 'a long name');
});

test('the deprecated form holds one call; a second one is told in a note', () => {
  const notes: string[] = [];
  const completion = toChatCompletion(responseOf([call(), call({ name: 'g' })]), { ...plain, legacyFunctions: true }, head, (all) =>
    notes.push(...all),
  );
  const { message: told, finish_reason } = completion.choices[0];
  assert.deepEqual([told.function_call, told.tool_calls, finish_reason], [{ name: 'f', arguments: '{}' }, undefined, 'function_call']);
  assert.deepEqual(notes, ['dropped a second call (g): function_call holds one']);
});

test('the wrapper of parallel calls is opened when all of them are declared, and left alone otherwise', () => {
  const wrapped = (...names: string[]): OutputItem =>
    call({
      name: 'parallel',
      arguments: JSON.stringify({ tool_uses: names.map((name) => ({ recipient_name: `functions.${name}`, parameters: { a: 1 } })) }),
    });
  const namesOf = (item: OutputItem, tools: string[]): unknown =>
    toldOf([item], { tools: new Set(tools) }).tool_calls?.map((one) => [one.id, one.type === 'function' && one.function.name]);
  assert.deepEqual(namesOf(wrapped('f', 'g'), ['f', 'g']), [
    ['call_1_0', 'f'],
    ['call_1_1', 'g'],
  ]);
  assert.deepEqual(namesOf(wrapped('f', 'h'), ['f', 'g']), [['call_1', 'parallel']]);
  assert.deepEqual(namesOf(wrapped('f'), ['f', 'parallel']), [['call_1', 'parallel']]);
  for (const args of ['', '{', '{"tool_uses":5}', '{"tool_uses":[]}', '[]', 'null'])
    assert.deepEqual(namesOf(call({ name: 'parallel', arguments: args }), ['f']), [['call_1', 'parallel']]);
});

// the end

test('the finish reason says that an answer was cut before it says that there is a call', () => {
  const reasonOf = (output: OutputItem[], more: object = {}, context = {}): string =>
    wholeOf(output, context, more).choices[0].finish_reason;
  const incomplete = (reason?: string): object => ({ status: 'incomplete', incomplete_details: reason ? { reason } : null });
  assert.equal(reasonOf([message('a')]), 'stop');
  assert.equal(reasonOf([message('a'), call()]), 'tool_calls');
  assert.equal(reasonOf([{ ...call(), type: 'custom_tool_call', input: '' }]), 'tool_calls');
  assert.equal(reasonOf([call()], {}, { legacyFunctions: true }), 'function_call');
  assert.equal(reasonOf([call()], incomplete('max_output_tokens')), 'length');
  assert.equal(reasonOf([message('a')], incomplete('content_filter')), 'content_filter');
  assert.equal(reasonOf([message('a')], incomplete('something new')), 'length');
  assert.equal(reasonOf([message('a')], incomplete()), 'length');
  assert.equal(reasonOf([{ type: 'web_search_call' }, message('a')]), 'stop');
});

test('token counts are those of the Response, reasoning within and not on top', () => {
  const usage = {
    input_tokens: 10,
    input_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
    output_tokens: 20,
    output_tokens_details: { reasoning_tokens: 12 },
    total_tokens: 30,
  };
  assert.deepEqual(wholeOf([], {}, { usage }).usage, {
    prompt_tokens: 10,
    completion_tokens: 20,
    total_tokens: 30,
    prompt_tokens_details: { cached_tokens: 4, audio_tokens: 0, cache_write_tokens: 2 },
    completion_tokens_details: { reasoning_tokens: 12, audio_tokens: 0, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
  });
  const bare = wholeOf([], {}, { usage: { input_tokens: 1, output_tokens: 2 } }).usage;
  assert.deepEqual(
    [bare?.total_tokens, bare?.prompt_tokens_details.cached_tokens, bare?.completion_tokens_details.reasoning_tokens],
    [3, 0, 0],
  );
  assert.equal('usage' in wholeOf([]), false);
});

test('the head is that of the Response, and stands in every chunk alike', () => {
  const { id, created, model, object, service_tier, metadata } = wholeOf(
    [],
    {},
    { created_at: 12.7, service_tier: 'flex', metadata: { a: 'b' } },
  );
  assert.deepEqual(
    [id, created, model, object, service_tier, metadata],
    ['chatcmpl-1', 12, 'gpt-5', 'chat.completion', 'flex', { a: 'b' }],
  );
  const bare = toChatCompletion({ output: [] }, plain, head);
  assert.deepEqual([bare.id, bare.created, bare.model], [head.id, head.created, head.model]);
});

test('moderation has the form of Chat', () => {
  const result = { type: 'moderation_result', model: 'm', flagged: false };
  const failed = { type: 'error', code: 'c', message: 'no' };
  assert.deepEqual(wholeOf([], {}, { moderation: { input: result, output: failed } }).moderation, {
    input: { type: 'moderation_results', model: 'm', results: [result] },
    output: failed,
  });
  assert.equal(wholeOf([], {}, { moderation: null }).moderation, undefined);
});

// failures

const failures: [code: string | null, type: string | undefined, status: number][] = [
  ['rate_limit_exceeded', undefined, 429],
  ['insufficient_quota', undefined, 429],
  ['server_error', undefined, 500],
  ['vector_store_timeout', undefined, 500],
  ['something_new', undefined, 500],
  [null, undefined, 500],
  ['invalid_prompt', undefined, 400],
  ['bio_policy', undefined, 400],
  ['data_residency_mismatch', undefined, 400],
  ...[
    'invalid_image',
    'invalid_image_url',
    'image_too_large',
    'unsupported_image_media_type',
    'empty_image_file',
    'failed_to_download_image',
  ].map((code) => [code, undefined, 400] as [string, undefined, number]),
  ['anything', 'invalid_request_error', 400],
];

for (const [code, type, status] of failures) {
  test(`a failure of code ${code}${type ? ` and type ${type}` : ''} is a ${status}, in all its forms`, () => {
    const error = { code, message: 'It failed.', ...(type && { type }) };
    const failed = { type: 'response.failed', response: responseOf([], { status: 'failed', error }) };
    const nested = { type: 'error', error };
    const flat = { ...error, type: 'error' };
    for (const event of type ? [failed, nested] : [failed, nested, flat]) {
      const stream = createChunkStream(plain, head);
      const isIt = (thrown: unknown): boolean =>
        thrown instanceof ProxyError && thrown.status === status && thrown.code === code && thrown.message === 'It failed.';
      assert.throws(() => stream.push(event), isIt);
      assert.equal(stream.finished, false);
    }
    assert.throws(
      () => wholeOf([], {}, { status: 'failed', error }),
      (thrown) => thrown instanceof ProxyError && thrown.status === status,
    );
  });
}

test('what is not finished is no answer', () => {
  for (const status of ['queued', 'in_progress', 'cancelled']) assert.throws(() => wholeOf([message('a')], {}, { status }), ProxyError);
  const stream = createChunkStream(plain, head);
  for (const event of eventsOf(responseOf([message('a')])).slice(0, -1)) stream.push(event);
  assert.throws(
    () => stream.end(),
    (error) => error instanceof ProxyError && error.status === 502 && error.code === 'stream_ended_early',
  );
});

test('after the end nothing is told, not even an error', () => {
  const stream = createChunkStream(plain, head);
  for (const event of eventsOf(responseOf([message('a')]))) stream.push(event);
  assert.ok(stream.finished);
  assert.deepEqual(stream.push({ type: 'error', message: 'late' }), []);
  assert.deepEqual(stream.push({ type: 'response.completed', response: responseOf([message('b')]) }), []);
  stream.end();
});

test('an answer has begun with its first item, or where it comes whole; not with its name or its failure', () => {
  for (const make of [createChunkStream, createChunkText]) {
    const stream = make(plain, head);
    const begun = eventsOf(responseOf([message('a')])).map((event) => {
      stream.push(event);
      return [event.type, stream.begun];
    });
    assert.deepEqual(begun[0], ['response.created', false]);
    const at = begun.findIndex(([, is]) => is);
    assert.equal(begun[at]?.[0], 'response.output_item.added');
    assert.ok(begun.slice(at).every(([, is]) => is));

    const whole = make(plain, head);
    whole.push({ type: 'response.completed', response: responseOf([message('a')]) });
    assert.ok(whole.begun);

    const failed = make(plain, head);
    assert.throws(() => failed.push({ type: 'response.completed', response: responseOf([], { status: 'failed' }) }), ProxyError);
    assert.ok(!failed.begun);
  }
});
