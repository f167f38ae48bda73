// Hand-written: what is passed on of what servers send. What a client gets of it stands in deviating.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Reader } from '../../../lib/answer/read/reader.ts';
import { textOfItem } from '../../../lib/answer/item-text.ts';
import { ProxyError, type OutputItem, type SentEvent } from '../../../lib/index.ts';
import { added, argumentsDelta, call, completed, deltasOf, done, message, reasoning, summaryDelta, textDelta } from '../support.ts';

/** What the reader passes on of items, in the order in which it does. */
function passed(events: readonly SentEvent[], tools: readonly string[] = ['f', 'g']): { out: SentEvent[]; notes: string[] } {
  const out: SentEvent[] = [];
  const notes: string[] = [];
  const take = (event: unknown): void => void out.push(event as SentEvent);
  const reader = new Reader({ begin() {}, item: take, content: take, end() {} }, ({ name }) => tools.includes(name), notes);
  for (const event of events) reader.read(event);
  return { out, notes };
}

const empty = message('', { id: 'msg_1', content: [] });
const hi = message('Hi there', { id: 'msg_1' });
const part = (content_index: number): SentEvent => ({
  type: 'response.content_part.added',
  output_index: 0,
  content_index,
  part: { type: 'output_text', text: '' },
});
const partText = (content_index: number, delta: string): SentEvent => textDelta(0, delta, { content_index });

test('events as they are published are passed on as they are, not copied', () => {
  const events = [
    added(0, { type: 'reasoning', id: 'rs_1', summary: [] }),
    { ...summaryDelta(0, 'Hm'), item_id: 'rs_1' },
    done(0, { ...reasoning('Hm'), id: 'rs_1' }),
    added(1, empty),
    textDelta(1, 'Hi', { item_id: 'msg_1', logprobs: [] }),
    textDelta(1, ' there', { item_id: 'msg_1', logprobs: [{ token: 'a', logprob: -1 }] }),
    { type: 'response.output_text.done', output_index: 1, content_index: 0, item_id: 'msg_1', text: 'Hi there', logprobs: [] },
    done(1, hi),
    added(2, call({ id: 'fc_1', arguments: '' })),
    argumentsDelta(2, '{}'),
    done(2, call({ id: 'fc_1' })),
  ];
  const { out, notes } = passed([...events, completed({ ...reasoning('Hm'), id: 'rs_1' }, hi, call({ id: 'fc_1' }))]);
  assert.equal(out.length, events.length);
  for (const [at, event] of events.entries()) assert.equal(out[at], event, event.type);
  assert.deepEqual(notes, []);
});

test('a part whose index moves without being announced is the same part', () => {
  const { out } = passed([added(0, empty), part(0), partText(1, 'Hi'), partText(2, ' there')]);
  assert.deepEqual(out.slice(1), [
    { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'Hi' },
    { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: ' there' },
  ]);
});

test('an announced part waits for the end of the one before', () => {
  const events = [added(0, empty), part(0), part(1), partText(0, 'a'), partText(1, 'B'), partText(0, 'b')];
  assert.deepEqual(
    passed(events).out.map(({ delta }) => delta),
    [undefined, 'a', 'b'],
  );
  const end = { type: 'response.output_text.done', output_index: 0, content_index: 0, text: 'ab' };
  assert.deepEqual(
    passed([...events, end]).out.map(({ delta, text }) => delta ?? text),
    [undefined, 'a', 'b', 'ab', 'B'],
  );
});

test('an index that names an item of another kind is not believed', () => {
  const { out } = passed([added(0, { type: 'reasoning', id: 'rs_1', summary: [] }), added(0, empty), textDelta(0, 'Hi')]);
  assert.deepEqual(
    out.map(({ output_index }) => output_index),
    [0, 1, 1],
  );
});

test('text that belongs to no item opens one', () => {
  assert.deepEqual(passed([textDelta(3, 'Hi')]).out, [
    { type: 'response.output_item.added', output_index: 3, item: { type: 'message' } },
    textDelta(3, 'Hi'),
  ]);
});

test('a call of a tool that the client did not declare is its own only if nothing follows', () => {
  const x = call({ name: 'x', arguments: '{}' });
  assert.deepEqual(passed([added(0, { ...x, arguments: '' }), argumentsDelta(0, '{}'), done(0, x)]).out, []);
  assert.deepEqual(
    passed([done(0, x), completed(x)]).out.map(({ type }) => type),
    ['response.output_item.added', 'response.output_item.done'],
  );
  const { out } = passed([done(0, x), added(1, empty), textDelta(1, 'Hi')]);
  assert.deepEqual(
    out.map(({ item }) => (item as { type: string } | undefined)?.type),
    ['message', 'mcp_call', undefined],
  );
});

test('a call whose output stands in the same answer was run by the server', () => {
  const output = { type: 'function_call_output', call_id: 'call_1', output: 'x' } as const;
  assert.deepEqual(deltasOf([completed(call(), output as never, message('Hi'))]), [
    { role: 'assistant', content: '' },
    { reasoning_content: 'Called f' },
    { content: 'Hi' },
    'stop',
  ]);
});

test('what is unknown or unreadable is noted once', () => {
  const { notes } = passed([{ type: 'a.b' }, { type: 'c.d' }, { type: 'junk', said: 'x' }, { type: 'ping' }, { type: 'keepalive' }]);
  assert.deepEqual(notes, ['skipped an event of type a.b']);
});

test('a final text that differs from what was streamed adds nothing, with a note', () => {
  const { notes } = passed([added(0, empty), textDelta(0, 'Ho'), done(0, hi)]);
  assert.deepEqual(notes, ['a final text differs from what was streamed; the streamed one stands']);
});

test('a Response that failed without saying why waits for the event after it', () => {
  const failed = { type: 'response.failed', response: { status: 'failed', error: null } };
  passed([failed]);
  assert.throws(() => passed([failed, { type: 'error', error: { message: 'Slower.', code: 'rate_limit_exceeded' } }]), /Slower\./);
  assert.throws(() => deltasOf([failed, { type: 'error', message: 'x' }]), /x/);
});

test('values of other kinds are read as what they mean', () => {
  assert.deepEqual(
    deltasOf([
      done(0, { role: 'assistant', content: 'Hi' }),
      done(1, { ...call(), arguments: { a: [1] } }),
      { type: 'response.completed', response: { created_at: '2026-03-01T00:00:00Z', output: null, usage: { input_tokens: null } } },
    ]).slice(1),
    [
      { content: 'Hi' },
      { tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'f', arguments: '' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{"a":[1]}' } }] },
      'tool_calls',
    ],
  );
});

test('five thousand items are an answer, more are not', () => {
  const items = (count: number): SentEvent[] => Array.from({ length: count }, (_, at) => done(at, call({ call_id: `call_${at}` })));
  assert.equal(passed(items(5_000)).out.length, 5_000);
  assert.throws(
    () => passed(items(5_001)),
    (error) => error instanceof ProxyError && error.status === 502,
  );
});

// What is passed on, written short: `+0 message` and `-0 message Hi` for the beginning and the end of item 0, `0.1 Hi` for a delta of its part 1,
// `0.1=Hi` for the end of that part.

function short({ type, output_index: at, item, ...event }: SentEvent): string {
  if (item) return `${type.endsWith('added') ? '+' : '-'}${String(at)} ${shortItem(item as OutputItem)}`.trim();
  const index = event['content_index'] ?? event['summary_index'];
  const where = `${String(at)}${index === undefined ? '' : `.${String(index)}`}`;
  if (event['annotation']) return `${where} ${(event['annotation'] as { type: string }).type}`;
  if (event['delta'] !== undefined) return `${where} ${String(event['delta'])}`;
  return `${where}=${String(event['text'] ?? event['refusal'] ?? event['arguments'] ?? event['input'])}`;
}

const shortItem = (item: OutputItem): string => [item.type, 'name' in item ? item.name : '', textOfItem(item)].filter(Boolean).join(' ');
const shorts = (events: readonly SentEvent[], tools?: readonly string[]): string[] => passed(events, tools).out.map(short);

const partEvent = (type: string, index: number, fields: object, output_index = 0): SentEvent => ({
  type: `response.${type}`,
  output_index,
  [type.includes('summary') ? 'summary_index' : 'content_index']: index,
  ...fields,
});
const textDone = (index: number, text: string): SentEvent => partEvent('output_text.done', index, { text });
const partDone = (index: number, text: string): SentEvent => partEvent('content_part.done', index, { part: { type: 'output_text', text } });
const named = (id: string, text = ''): object => message(text, text === '' ? { id, content: [] } : { id });

// items

test('an item that is announced twice is announced once', () => {
  assert.deepEqual(shorts([added(0, empty), added(0, empty), textDelta(0, 'Hi')]), ['+0 message', '0.0 Hi']);
  assert.deepEqual(
    shorts([textDelta(0, 'Hi'), added(0, empty), textDelta(0, '!')]),
    ['+0 message', '0.0 Hi', '0.0 !'],
    'nor one that has begun',
  );
  assert.deepEqual(shorts([textDelta(0, 'Hi'), added(0, named('x')), { ...textDelta(5, '!'), item_id: 'x' }]), [
    '+0 message',
    '0.0 Hi',
    '0.0 !',
  ]);
  const call2 = call({ call_id: 'call_2', arguments: '' });
  assert.deepEqual(shorts([added(0, call({ arguments: '' })), added(0, call2)]), ['+0 function_call f', '+1 function_call f']);
  assert.deepEqual(shorts([added(0, call({ arguments: '' })), added(1, call({ arguments: '' }))]), [
    '+0 function_call f',
    '+1 function_call f',
  ]);
  const [one, two] = ['a', 'b'].map((id) => ({ type: 'web_search_call', id }));
  assert.deepEqual(shorts([added(0, one!), added(0, two!), done(0, one!), done(0, two!)]), [
    '+0 web_search_call',
    '+1 web_search_call',
    '-0 web_search_call',
    '-1 web_search_call',
  ]);
  const anonymous = added(undefined as never, named('x'));
  assert.deepEqual(shorts([anonymous, anonymous]), ['+0 message']);
  assert.deepEqual(shorts([added(0, empty), added(0, { type: 'reasoning', id: 'rs_1' })]), ['+0 message', '+1 reasoning']);
  assert.deepEqual(shorts([added(0, empty), textDelta(0, 'Hi'), added(0, named('msg_2')), textDelta(0, 'Ho')]), [
    '+0 message',
    '0.0 Hi',
    '+1 message',
    '1.0 Ho',
  ]);
  assert.deepEqual(shorts([added(0, empty), textDelta(0, 'Hi'), added(0, empty)]), ['+0 message', '0.0 Hi', '-0 message', '+1 message']);
  assert.deepEqual(shorts([added(0, 5 as never), added(0, {}), done(0, null as never)]), []);
});

test('an index that is not free is replaced by the next one', () => {
  assert.deepEqual(shorts([done(0, named('a', 'A')), done(0, named('b', 'B')), done(7, named('c', 'C')), done(0, named('d', 'D'))]), [
    '-0 message A',
    '-1 message B',
    '-7 message C',
    '-8 message D',
  ]);
  assert.deepEqual(shorts([done('2' as never, named('a', 'A')), done(-1, named('b', 'B'))]), ['-2 message A', '-3 message B']);
});

test('a finished item is that of its index, its id or its text', () => {
  const begin = [added(0, named('a')), textDelta(0, 'A'), added(1, named('b')), textDelta(1, 'B')];
  const ended = (...items: SentEvent[]): string[] => shorts([...begin, ...items]).slice(4);
  assert.deepEqual(ended(done(0, named('a', 'A')), done(1, named('b', 'B'))), ['-0 message A', '-1 message B']);
  assert.deepEqual(ended(done(0, named('b', 'B')), done(0, named('a', 'A'))), ['-1 message B', '-0 message A']);
  assert.deepEqual(ended(done(0, message('A')), done(0, message('B'))), ['-0 message A', '-2 message B']);
  assert.deepEqual(ended(done(9, message('B!')), done(9, message('A!'))), ['-1 message B!', '-0 message A!']);
  assert.deepEqual(ended(done(9, message('C'))), ['-9 message C']);
  assert.deepEqual(ended(done(0, named('a', 'A')), done(0, named('a', 'A')), done(0, named('x', 'A'))), ['-0 message A']);
  assert.deepEqual(ended(done(undefined as never, named('a', 'A')), done(undefined as never, named('a', 'A'))), ['-0 message A']);
  assert.deepEqual(ended(done(9, { type: 'reasoning', summary: [] })), ['-9 reasoning']);
  assert.deepEqual(shorts([added(0, named('a')), textDelta(0, 'A'), done(9, named('x', 'Q'))]), ['+0 message', '0.0 A', '-0 message Q']);
  assert.deepEqual(shorts([added(0, named('a')), done(9, named('x', 'Q'))]), ['+0 message', '-9 message Q']);
  const search = (id: string): object => ({ type: 'web_search_call', id });
  assert.deepEqual(shorts([added(0, search('a')), added(1, search('b')), done(5, search('c')), done(5, search('d'))]), [
    '+0 web_search_call',
    '+1 web_search_call',
    '-0 web_search_call',
    '-1 web_search_call',
  ]);
  const g = call({ call_id: 'call_2', name: 'g', arguments: '{"a":1}' });
  assert.deepEqual(shorts([added(0, call({ name: 'g', arguments: '' })), argumentsDelta(0, '{"b"'), done(9, g)]), [
    '+0 function_call g',
    '0 {"b"',
    '-9 function_call g {"a":1}',
  ]);
});

test('an event of no announced item belongs to one that is open, or opens one', () => {
  assert.deepEqual(shorts([added(0, empty), textDelta(5, 'Hi'), textDelta('x' as never, '!')]), ['+0 message', '0.0 Hi', '0.0 !']);
  assert.deepEqual(shorts([textDelta(3, 'Hi'), textDelta(4, 'Ho'), textDelta(3, '!')]), [
    '+3 message',
    '3.0 Hi',
    '+4 message',
    '4.0 Ho',
    '3.0 !',
  ]);
  assert.deepEqual(shorts([added(0, empty), textDelta(0, 'Hi'), done(0, hi), textDelta(0, '!')]), [
    '+0 message',
    '0.0 Hi',
    '-0 message Hi there',
    '+1 message',
    '1.0 !',
  ]);
  assert.deepEqual(shorts([added(0, empty), textDelta(0, 'Hi there'), done(0, hi), textDone(0, 'Hi there')]), [
    '+0 message',
    '0.0 Hi there',
    '-0 message Hi there',
  ]);
  const late = { ...textDelta(0, '!'), item_id: 'msg_1' };
  assert.deepEqual(shorts([added(0, empty), done(0, hi), late]), ['+0 message', '-0 message Hi there']);
  const other = { ...textDelta(0, '!'), item_id: 'msg_2' };
  assert.deepEqual(shorts([added(0, empty), added(1, named('msg_2')), other]), ['+0 message', '+1 message', '1.0 !']);
  assert.deepEqual(shorts([added(0, empty), other]), ['+0 message', '0.0 !']);
  assert.deepEqual(shorts([summaryDelta(0, 'Hm'), argumentsDelta(1, '{}')], []), ['+0 reasoning', '0.0 Hm']);
  const input = { type: 'response.custom_tool_call_input.delta', output_index: 0, delta: 'a', item_id: 'ctc_1' };
  const custom = { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_1', name: 'f', input: 'ab' };
  assert.deepEqual(shorts([input, done(0, custom)]), ['-0 custom_tool_call f ab']);
  assert.deepEqual(shorts([argumentsDelta(0, '{'), added(0, call({ arguments: '' })), argumentsDelta(0, '}')]), [
    '+0 function_call f',
    '0 {',
    '0 }',
  ]);
  assert.deepEqual(shorts([argumentsDelta(0, '{}'), completed(call())]), ['-0 function_call f {}']);
});

test('a stream that begins again repeats nothing', () => {
  const again = { type: 'response.created', response: { id: 'resp_2' } };
  const thought = (text: string): object => ({ ...reasoning(text), id: 'rs_1' });
  const think = [added(0, reasoning()), summaryDelta(0, 'Hm')];
  assert.deepEqual(shorts([...think, again, ...think, summaryDelta(0, ' so'), done(0, thought('Hm so'))]), [
    '+0 reasoning',
    '0.0 Hm',
    '-0 reasoning Hm so',
  ]);
  assert.deepEqual(shorts([...think, done(0, thought('Hm')), again, ...think, done(0, thought('Hm'))]), [
    '+0 reasoning',
    '0.0 Hm',
    '-0 reasoning Hm',
  ]);
  assert.deepEqual(shorts([...think, done(0, thought('Hm')), again, done(0, thought('Oh'))]), [
    '+0 reasoning',
    '0.0 Hm',
    '-0 reasoning Hm',
    '+1 reasoning Oh',
    '-1 reasoning Oh',
  ]);
  assert.deepEqual(shorts([...think, done(0, thought('Hm')), again, done(0, thought('Hm Hm'))]).slice(3), [
    '+1 reasoning Hm Hm',
    '-1 reasoning Hm Hm',
  ]);
  assert.deepEqual(
    shorts([
      added(0, call({ arguments: '' })),
      argumentsDelta(0, '{'),
      again,
      added(0, call({ arguments: '' })),
      argumentsDelta(0, '{}'),
      done(0, call()),
    ]),
    ['+0 function_call f', '0 {', '-0 function_call f {}'],
  );
  assert.deepEqual(shorts([done(0, call()), again, done(0, call()), done(1, call({ call_id: 'call_2', name: 'g' }))]), [
    '-0 function_call f {}',
    '-2 function_call g {}',
  ]);
  assert.deepEqual(
    shorts([added(0, empty), textDelta(0, 'Hi'), again, added(0, empty), textDelta(0, 'Hi'), done(0, hi), completed(hi as never)]),
    ['+0 message', '0.0 Hi', '-0 message', '+1 message', '1.0 Hi', '-1 message Hi there'],
  );
  const refuse = { type: 'response.refusal.delta', output_index: 0, content_index: 0, delta: 'No' };
  const refused = message('', { content: [{ type: 'refusal', refusal: 'No' }] });
  assert.deepEqual(shorts([added(0, empty), refuse, again, added(0, empty), refuse, done(0, refused), completed(refused as never)]), [
    '+0 message',
    '0.0 No',
    '-0 message No',
  ]);
  const comment = { ...empty, phase: 'commentary' };
  assert.deepEqual(
    shorts([
      added(0, comment),
      textDelta(0, 'a'),
      again,
      added(0, comment),
      textDelta(0, 'ab'),
      done(0, message('ab', { phase: 'commentary' })),
    ]),
    ['+0 message', '0.0 a', '-0 message ab'],
  );
  const search = { type: 'web_search_call', action: { query: 'cats' } };
  assert.deepEqual(shorts([done(0, search), again, done(0, search), done(1, { ...search, action: { query: 'dogs' } })]), [
    '-0 web_search_call',
    '-2 web_search_call',
  ]);
  assert.deepEqual(shorts([again, added(0, empty), { type: 'response.in_progress', response: {} }, textDelta(0, 'Hi')]), [
    '+0 message',
    '0.0 Hi',
  ]);
});

test('what comes after a stream has begun again is not lost if nothing ends it', () => {
  const again = { type: 'response.created', response: { id: 'resp_2' } };
  const comment = { ...empty, phase: 'commentary' };
  const commentOf = (text: string): SentEvent[] => [added(0, comment), textDelta(0, text)];
  assert.deepEqual(shorts([...commentOf('a'), again, ...commentOf('ab'), completed()]), ['+0 message', '0.0 a', '-0 message ab']);
  assert.deepEqual(shorts([...commentOf('a'), again, ...commentOf('b'), completed()]), [
    '+0 message',
    '0.0 a',
    '+1 message',
    '-1 message b',
  ]);
  assert.deepEqual(
    deltasOf([...commentOf('Let me '), again, ...commentOf('Let me see.'), added(1, empty), textDelta(1, 'Hi'), completed()]),
    [{ role: 'assistant', content: '' }, { reasoning_content: 'Let me ' }, { reasoning_content: 'see.' }, { content: 'Hi' }, 'stop'],
  );
  const think = [added(0, reasoning()), summaryDelta(0, 'Hm')];
  assert.deepEqual(shorts([...think, again, ...think, summaryDelta(0, ' so'), completed()]), [
    '+0 reasoning',
    '0.0 Hm',
    '-0 reasoning Hm so',
  ]);
  assert.deepEqual(
    shorts([...think, again, ...think, summaryDelta(0, ' so'), done(0, reasoning()), completed()]).at(-1),
    '-0 reasoning Hm so',
  );
  const thought = partEvent('reasoning_text.delta', 0, { delta: 'Oh' });
  assert.deepEqual(shorts([...think, again, added(0, reasoning()), thought, completed()]).slice(2), ['+1 reasoning', '-1 reasoning Oh']);
  const refuse = (delta: string): SentEvent[] => [added(0, empty), partEvent('refusal.delta', 0, { delta })];
  const { out } = passed([...refuse('No'), again, ...refuse('No.'), completed()]);
  assert.deepEqual(out.at(-1)?.['item'], { ...empty, content: [{ type: 'refusal', refusal: 'No.' }] });
  const input = { type: 'response.custom_tool_call_input.delta', output_index: 0, delta: 'ab' };
  const custom = [added(0, { type: 'custom_tool_call', call_id: 'call_1', name: 'f', input: '' }), input];
  assert.deepEqual(shorts([custom[0]!, again, ...custom, completed()]), ['+0 custom_tool_call f', '-0 custom_tool_call f ab']);
  const x = call({ name: 'x', arguments: '' });
  assert.deepEqual(shorts([added(0, x), argumentsDelta(0, '{}'), done(0, x), completed()]).at(-1), '-0 function_call x {}');
});

// parts

test('a part that is announced begins when the one before has ended', () => {
  assert.deepEqual(shorts([added(0, empty), part(0), partText(0, 'a'), textDone(0, 'a'), part(1), partText(1, 'b')]).slice(1), [
    '0.0 a',
    '0.0=a',
    '0.1 b',
  ]);
  assert.deepEqual(shorts([added(0, empty), part(0), partText(0, 'a'), part(0), partText(0, 'b')]).slice(1), ['0.0 a', '0.1 b']);
  assert.deepEqual(shorts([added(0, empty), part(0), part(0), partText(0, 'b')]).slice(1), ['0.0 b']);
  assert.deepEqual(shorts([added(0, empty), part(5), partText(5, 'a'), textDone(5, 'a'), partText(5, 'b')]).slice(1), [
    '0.0 a',
    '0.0=a',
    '0.1 b',
  ]);
  assert.deepEqual(
    shorts([
      added(0, empty),
      part(0),
      partText(0, 'a'),
      part(1),
      part(2),
      partText(2, 'c'),
      partText(1, 'b'),
      textDone(1, 'b'),
      textDone(0, 'a'),
    ]).slice(1),
    ['0.0 a', '0.0=a', '0.1 b', '0.1=b', '0.2 c'],
  );
  assert.deepEqual(shorts([added(0, empty), part(0), partText(0, 'a'), part(1), partText(1, 'b'), done(0, message('ab'))]).slice(1), [
    '0.0 a',
    '0.1 b',
    '-0 message ab',
  ]);
  assert.deepEqual(
    shorts([added(0, empty), part(0), partText(0, 'a'), part(1), partText(1, 'b'), completed(message('ab') as never)]).slice(1),
    ['0.0 a', '0.1 b', '-0 message ab'],
  );
});

test('the end of a text counts once', () => {
  const begin = [added(0, empty), part(0), partText(0, 'a')];
  const ended = (...events: SentEvent[]): string[] => shorts([...begin, ...events]).slice(2);
  assert.deepEqual(ended(textDone(0, 'ab'), textDone(0, 'ab'), partDone(0, 'ab')), ['0.0=ab']);
  assert.deepEqual(ended(textDone(3, 'ab')), ['0.0=ab'], 'with another index');
  assert.deepEqual(ended(textDone(3, 'b')), ['0.1=b'], 'of another part');
  assert.deepEqual(ended(textDone(0, 'a'), textDone(1, 'b'), textDone(0, 'a')), ['0.0=a', '0.1=b']);
  assert.deepEqual(ended(textDone(0, 'a'), textDone(0, 'b')), ['0.0=a', '0.1=b']);
  assert.deepEqual(ended(partDone(0, 'ab')), ['0.0=ab']);
  assert.deepEqual(ended(textDone(0, 'a'), partDone(1, 'b')), ['0.0=a', '0.1=b']);
  assert.deepEqual(ended({ ...partDone(0, ''), part: { type: 'refusal', refusal: 'No' } }), ['0.0=No']);
  assert.deepEqual(ended({ ...partDone(0, ''), part: 5 }), []);
  const thought = [added(0, reasoning()), partEvent('reasoning_text.delta', 0, { delta: 'a' })];
  const thoughtOf = (...events: SentEvent[]): string[] => shorts([...thought, ...events]).slice(2);
  assert.deepEqual(thoughtOf(partEvent('content_part.done', 0, { part: { type: 'reasoning_text', text: 'ab' } })), ['0.0=ab']);
  assert.deepEqual(thoughtOf(partEvent('content_part.done', 0, { part: { text: 'ab' } })), ['0.0=ab']);
  assert.deepEqual(thoughtOf(partEvent('reasoning_summary_part.done', 0, { part: { text: 'c' } })), ['0.0=c']);
  assert.deepEqual(thoughtOf(partEvent('content_part.done', 0, { part: null })), ['0.0=']);
});

test('summaries are told apart by their index', () => {
  const summary = (index: number, type: string, fields: object): SentEvent => partEvent(`reasoning_summary_${type}`, index, fields);
  const opened = [added(0, reasoning())];
  assert.deepEqual(
    shorts([...opened, summaryDelta(0, 'a'), summaryDelta(1, 'x', 1), summaryDelta(0, 'b', 1), summaryDelta(0, 'c')]).slice(1),
    ['0.0 a', '0.1 x', '0.1 b', '0.0 c'],
  );
  assert.deepEqual(
    shorts([...opened, summary(0, 'part.added', {}), summaryDelta(0, 'a'), summary(1, 'part.added', {}), summaryDelta(0, 'b', 1)]).slice(1),
    ['0.0 a', '0.1 b'],
  );
  assert.deepEqual(
    shorts([...opened, summary(0, 'part.added', {}), summaryDelta(0, 'a'), summary(0, 'part.added', {}), summaryDelta(0, 'b')]).slice(1),
    ['0.0 a', '0.1 b'],
  );
  assert.deepEqual(
    shorts([...opened, summaryDelta(0, 'a'), summary(0, 'text.done', { text: 'ab' }), summary(0, 'text.done', { text: 'ab' })]).slice(1),
    ['0.0 a', '0.0=ab'],
  );
});

test('citations stand in the part that they name, or in the current one', () => {
  const cited = (content_index: unknown): SentEvent => ({
    type: 'response.output_text.annotation.added',
    output_index: 0,
    content_index,
    annotation: { type: 'url_citation' },
  });
  const begin = [added(0, empty), textDone(0, 'a'), textDone(1, 'b')];
  assert.deepEqual(shorts([...begin, cited(0), cited(1), cited(9), cited(undefined)]).slice(3), [
    '0.0 url_citation',
    '0.1 url_citation',
    '0.1 url_citation',
    '0.1 url_citation',
  ]);
  assert.deepEqual(shorts([added(0, empty), cited(3), { ...cited(0), annotation: 5 }]).slice(1), ['0.0 url_citation']);
});

// the end

test('the last event ends what is open, in its order, and adds what never came', () => {
  const ended = (come: SentEvent[], ...output: OutputItem[]): string[] => shorts([...come, completed(...output)]).slice(come.length);
  const open = [added(0, named('a')), added(1, named('b'))];
  assert.deepEqual(ended(open, named('b', 'B') as OutputItem, named('a', 'A') as OutputItem), ['-0 message A', '-1 message B']);
  assert.deepEqual(ended(open, named('c', 'C') as OutputItem), ['-0 message C']);
  assert.deepEqual(ended([done(0, named('a', 'A'))], named('a', 'A') as OutputItem, named('a', 'A') as OutputItem), []);
  assert.deepEqual(ended([done(0, named('a', 'A'))], named('a', 'A') as OutputItem, named('b', 'A') as OutputItem), ['-1 message A']);
  assert.deepEqual(ended([done(0, named('a', 'A'))], named('a', 'AB') as OutputItem), ['-1 message AB'], 'more than its own end had');
  assert.deepEqual(ended([done(0, named('a', 'A'))], named('a', '') as OutputItem), []);
  assert.deepEqual(ended([done(0, reasoning())], reasoning('Hm')), ['-1 reasoning Hm']);
  assert.deepEqual(ended([done(0, reasoning('H'))], reasoning('Hm')), []);
  assert.deepEqual(ended([done(0, call())], call({ arguments: '{"a":1}' })), []);
  const search = { type: 'web_search_call', id: 'ws_1' } as OutputItem;
  assert.deepEqual(ended([added(0, search)]), ['-0 web_search_call']);
  assert.deepEqual(ended([added(0, search)], message('Hi')), ['-1 message Hi']);
  assert.deepEqual(ended([added(0, search)], search, message('Hi')), ['-0 web_search_call', '-1 message Hi']);
  const { notes } = passed([done(0, named('a', 'A')), completed(named('a', 'B') as OutputItem)]);
  assert.deepEqual(notes, ['a final text differs from what was streamed; the streamed one stands']);
});

test('a text that stands in a field of its own is that of a message', () => {
  const ended = (output_text: unknown, output: OutputItem[], come: SentEvent[] = []): string[] =>
    shorts([...come, { type: 'response.completed', response: { output, output_text } }]).slice(come.length);
  assert.deepEqual(ended('Hi', []), ['-0 message Hi']);
  assert.deepEqual(ended('Hi', [message(''), reasoning('Hm')]), ['-0 reasoning Hm', '-1 message Hi']);
  assert.deepEqual(ended('Hi', [message('Ho')]), ['-0 message Ho']);
  assert.deepEqual(ended('', []), []);
  assert.deepEqual(ended(5, []), []);
  assert.deepEqual(ended('Hi', [], [added(0, empty), textDelta(0, 'H')]), []);
  assert.deepEqual(ended('Hi', [], [added(0, empty)]), ['-0 message Hi']);
});

test('a Response that ends as failed or cancelled is an error', () => {
  for (const status of ['failed', 'cancelled'])
    assert.throws(() => passed([{ type: 'response.completed', response: { status, error: { message: 'no' } } }]), { message: 'no' });
  assert.throws(() => passed([{ type: 'response.cancelled', response: { error: { message: 'no' } } }]), { message: 'no' });
  assert.throws(() => passed([{ type: 'response.error', error: { message: 'no' } }]), { message: 'no' });
});

// calls of tools that the client did not declare

test('a call of another tool is held back until something follows, or the answer ends', () => {
  const x = call({ name: 'x', arguments: '' });
  const begin = [added(0, x), argumentsDelta(0, '{}')];
  assert.deepEqual(shorts([...begin, completed()]), ['+0 function_call x', '0 {}']);
  assert.deepEqual(shorts([...begin, completed(call({ name: 'x' }))]), ['+0 function_call x {}', '-0 function_call x {}']);
  assert.deepEqual(shorts([...begin, completed(message('Hi'))]), ['-0 mcp_call x', '-1 message Hi']);
  assert.deepEqual(shorts([...begin, added(1, reasoning()), summaryDelta(1, 'Hm')]), ['+1 reasoning', '-0 mcp_call x', '1.0 Hm']);
  assert.deepEqual(shorts([...begin, added(1, call({ arguments: '' }))]), ['-0 mcp_call x', '+1 function_call f']);
  const output = { type: 'function_call_output', call_id: 'call_1', output: 'y' };
  assert.deepEqual(shorts([...begin, done(0, call({ name: 'x' })), done(1, output)]), ['-0 mcp_call x', '-1 function_call_output']);
  assert.deepEqual(shorts([...begin, done(1, { ...output, call_id: 'call_2' })]), ['-1 function_call_output']);
  assert.deepEqual(shorts([added(0, call({ name: '', arguments: '' })), done(0, call({ name: 'f' }))]), ['-0 function_call f {}']);
  const unnamed = added(0, call({ name: '', arguments: '' }));
  assert.deepEqual(shorts([unnamed, added(0, call({ arguments: '' })), argumentsDelta(0, '{}')]), ['+0 function_call f', '0 {}']);
  const custom = { type: 'custom_tool_call', call_id: 'call_1', name: 'x', input: '' };
  const input = { type: 'response.custom_tool_call_input.delta', output_index: 0, delta: 'a' };
  assert.deepEqual(shorts([added(0, custom), input, completed()]), ['+0 custom_tool_call x', '0 a']);
});

// what a reader knows

test('events that have no effect need not be parsed', () => {
  const reader = new Reader({ begin() {}, item() {}, content() {}, end() {} }, () => true, []);
  const wanted = (...types: string[]): boolean[] => types.map((type) => reader.wants(`response.${type}`));
  const ends = ['content_part.done', 'reasoning_summary_part.done'];
  const names = ['queued', 'in_progress'];
  assert.deepEqual(wanted('output_text.delta', 'completed', 'web_search_call.searching', 'a.b'), [true, true, false, true]);
  assert.deepEqual(wanted(...ends, ...names), [true, true, true, true]);
  reader.read({ type: 'response.in_progress', response: {} });
  assert.deepEqual([wanted(...names), reader.begun], [[false, false], false]);
  reader.read(added(0, empty));
  assert.equal(reader.begun, true);
  reader.read(textDone(0, 'Hi'));
  assert.deepEqual(wanted(...ends), [false, false]);
  reader.read(part(1));
  assert.deepEqual(wanted(...ends), [true, true]);
  reader.read(textDone(1, 'Hi'));
  reader.read(done(0, hi));
  assert.deepEqual(wanted(...ends), [true, true]);
  reader.read(textDone(1, 'Hi'));
  reader.read(done(2, call({ name: 'f' })));
  assert.deepEqual(reader.output.map(shortItem), ['message Hi there', 'function_call f {}']);
});

test('what was said in place of an answer is kept until one begins', () => {
  const saidOf = (...events: SentEvent[]): [string, boolean] => {
    const reader = new Reader({ begin() {}, item() {}, content() {}, end() {} }, () => true, []);
    for (const event of events) reader.read(event);
    return [reader.said, reader.failed];
  };
  assert.deepEqual(saidOf({ type: 'junk', said: 'a' }, { type: 'junk', said: 'b' }), ['a', false]);
  assert.deepEqual(saidOf({ type: 'x', message: 'a' }), ['a', false]);
  assert.deepEqual(saidOf({ type: 'x', detail: 'a' }), ['a', false]);
  assert.deepEqual(saidOf({ type: 'ping', said: 'a' }, { type: 'keepalive', said: 'a' }), ['', false]);
  assert.deepEqual(saidOf({ type: 'junk', said: 'a' }, added(0, empty)), ['', false]);
  assert.deepEqual(saidOf({ type: 'response.failed' }), ['', true]);
  assert.deepEqual(passed([{ type: 'x'.repeat(100) }]).notes, [`skipped an event of type ${'x'.repeat(64)}`]);
  assert.deepEqual(passed([{ type: '' }]).notes, ['skipped an event that cannot be read']);
});
