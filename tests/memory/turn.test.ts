import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientCalls, isSameCall, isTextOf, itemsToKeep, textsOf, withoutCalls } from '../../lib/memory/turn.ts';
import type { CallItem, MessageItem, OutputItem } from '../../lib/wire/responses.ts';

const thought = (encrypted: string): OutputItem => ({ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: encrypted });
const call = (id: string, args = '{}'): CallItem => ({ type: 'function_call', id: 'fc_1', call_id: id, name: 'look', arguments: args });
const message = (text: string, phase?: MessageItem['phase']): OutputItem => ({
  type: 'message',
  id: 'msg_1',
  content: [{ type: 'output_text', text }],
  ...(phase && { phase }),
});
const without = ({ id: _, ...item }: OutputItem): object => item;

test('arguments count as values, not as text', () => {
  const args = '{"path":"a/b","n":[1.50,{"x":"é","y":null}],"__proto__":1}';
  for (const [input, same] of [
    [args, true],
    [' { "n" : [1.5, {"y":null,"x":"\\u00e9"}], "__proto__": 1, "path": "a\\/b" }', true],
    ['{"path":"a/b","n":[1.5,{"x":"é","y":null}]}', false],
    ['{"path":"a/b","n":[{"x":"é","y":null},1.5],"__proto__":1}', false],
    ['{"path":"a/b"', false],
    ['', false],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, false],
  ] as const) {
    assert.equal(isSameCall(call('call_1', args), { name: 'look', input }), same, input.slice(0, 80));
  }
  assert.equal(isSameCall(call('call_1', args), { name: 'peek', input: args }), false);
});

test('arguments of more values than a body may have are not read: they count as they are', () => {
  const many = `[${'{},'.repeat(400_000)}{}]`;
  assert.ok(isSameCall(call('call_1', many), { name: 'look', input: many }));
  assert.ok(!isSameCall(call('call_1', many), { name: 'look', input: ` ${many}` }));
});

test('long arguments and texts must be the same, since to rewrite them would take long', () => {
  const long = 'x'.repeat(1_000_000);
  const args = JSON.stringify({ long, a: 1 });
  assert.ok(isSameCall(call('call_1', args), { name: 'look', input: args }));
  assert.ok(!isSameCall(call('call_1', args), { name: 'look', input: `${args} ` }));
  const kept = { sent: [], items: [message(`${long}  y`)] };
  assert.ok(isTextOf([kept], ` ${long}  y\n`));
  assert.ok(!isTextOf([kept], `${long} y`));
  assert.ok(!isTextOf([kept], 'y'));
  assert.ok(isTextOf([kept, { sent: [], items: [message('y')] }], ' y'));
});

test('no arguments and an empty object are the same', () => {
  assert.ok(isSameCall(call('call_1', ''), { name: 'look', input: '{}' }));
});

test('arguments that are not JSON, and the input of a custom tool, count as they are', () => {
  assert.ok(isSameCall(call('call_1', '{"cut'), { name: 'look', input: '{"cut' }));
  assert.ok(!isSameCall(call('call_1', '{"cut'), { name: 'look', input: '{"cut"' }));
  const custom: CallItem = { type: 'custom_tool_call', call_id: 'call_1', name: 'patch', input: '{"a": 1}' };
  assert.ok(isSameCall(custom, { name: 'patch', input: '{"a": 1}' }));
  assert.ok(!isSameCall(custom, { name: 'patch', input: '{"a":1}' }));
});

test('each type that may come back without its id is kept, and a program with it', () => {
  const items = [
    thought('one'),
    { type: 'tool_search_call', id: 'tsc_1', call_id: null, execution: 'server', arguments: { paths: ['look'] } },
    { type: 'tool_search_output', id: 'tso_1', call_id: null, execution: 'server', tools: [] },
    { ...call('call_1'), namespace: 'sea' },
    { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_2', name: 'patch', input: '' },
  ] as unknown as OutputItem[];
  assert.deepEqual(itemsToKeep(items), items.map(without));
  const program = [
    { type: 'program', id: 'cm_1', call_id: 'call_p', code: 'await tools.look()', fingerprint: 'gAAAA' },
    { ...call('call_1'), caller: { type: 'program', caller_id: 'call_p' } },
  ] as unknown as OutputItem[];
  assert.deepEqual(itemsToKeep(program), [program[0], without(program[1]!)]);
  const result = [{ type: 'program_output', id: 'po_1', call_id: 'call_p', result: '1', status: 'completed' }, message('One.')];
  assert.deepEqual(itemsToKeep(result as unknown as OutputItem[]), [result[0], without(result[1] as OutputItem)]);
});

test('what is more than a chat client returns is kept: reasoning, phases, namespaces, callers, several messages', () => {
  assert.ok(itemsToKeep([message('Hi.', 'final_answer')]));
  assert.ok(itemsToKeep([message('Hi.'), message('Ho.')]));
  assert.ok(itemsToKeep([{ ...call('call_1'), namespace: 'sea' }]));
  assert.ok(itemsToKeep([{ ...call('call_1'), caller: { type: 'direct' } }]));
  assert.ok(itemsToKeep([{ type: 'reasoning', content: [{ type: 'reasoning_text', text: 'open' }] }, call('call_1')]));
  assert.equal(itemsToKeep([{ ...call('call_1'), namespace: null, caller: null }]), undefined);
  assert.equal(itemsToKeep([message('Hi.'), call('call_1')]), undefined);
});

test('a call that the server has answered is not the client’s', () => {
  const items = [call('call_1'), { type: 'function_call_output', call_id: 'call_1', output: '' }, call('call_2')] as OutputItem[];
  assert.deepEqual(clientCalls(items), [items[2]]);
});

test('a message in the midst of the work is as good as reasoning, a label on anything else is not', () => {
  const own = call('call_1');
  for (const [items, kept] of [
    [[{ type: 'message', phase: 'commentary', content: [] }, own], 2],
    [[{ type: 'message', phase: null, content: [] }, own], undefined],
    [[{ ...own, phase: 'commentary' }], undefined],
  ] as [OutputItem[], number | undefined][])
    assert.equal(itemsToKeep(items)?.length, kept);
});

test('reasoning comes back with the message or the call that it led to; what ran on the server stays out with its own', () => {
  const search: OutputItem = { type: 'web_search_call', id: 'ws_1' };
  const items = [thought('a'), message(''), thought('b'), search, thought('c'), call('call_1')];
  assert.deepEqual(itemsToKeep(items), [items[0]!, items[1]!, items[4]!, items[5]!].map(without));
});

test('beside calls the text of a client is that of the turn, all of it or one message, or is not there', () => {
  const said = (...texts: string[]): OutputItem => ({ type: 'message', content: texts.map((text) => ({ type: 'output_text', text })) });
  const refusal = { type: 'message', content: [{ type: 'refusal', refusal: 'No.', text: 'No.' }] } as unknown as OutputItem;
  const working = { ...said('Working.'), phase: 'commentary' } as OutputItem;
  const items = [working, said('One', ' \n\n two'), said('Three'), said('Three'), said(''), refusal, call('call_1')];
  for (const [text, own] of [
    ['', true],
    [' \n', true],
    ['One two', true],
    [' One\n two ', true],
    ['Three', true],
    ['One two Three', true],
    ['One\n\n two\n\nThree\n', true],
    ['One', false],
    ['Onetwo', false],
    ['One twoThree', false],
    ['Three One two', false],
    ['One two Three Three', false],
    ['Working.', false],
    ['No.', false],
    ['Something else', false],
  ] as const)
    assert.equal(isTextOf([{ sent: [], items }], text), own, JSON.stringify(text));
  const next = { sent: [], items: [said('Four.'), call('call_2')] };
  for (const [text, own] of [
    ['One two Three\n\nFour.', true],
    ['One two ThreeFour.', true],
    ['Four.', true],
    ['Four. One two Three', false],
  ] as const)
    assert.equal(isTextOf([{ sent: [], items }, next], text), own, JSON.stringify(text));
});

test('the text of a turn is its messages, or one of them, or its commentary if there is nothing else', () => {
  assert.deepEqual(textsOf({ sent: [], items: [message('One.\n'), message('Two.'), message('One.\n')] }), ['One.\n\nTwo.', 'One.', 'Two.']);
  assert.deepEqual(textsOf({ sent: [], items: [message('So.', 'commentary'), message('One.', 'final_answer')] }), ['One.']);
  assert.deepEqual(textsOf({ sent: [], items: [message('So.', 'commentary')] }), ['So.']);
  assert.deepEqual(textsOf({ sent: [], items: [message('So.', 'commentary'), call('call_1')] }), ['']);
  assert.deepEqual(textsOf({ sent: [], items: [{ type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] }] }), ['No.']);
});

test('a call that is left out takes the reasoning with it that led to nothing else', () => {
  const [one, two] = [thought('one'), thought('two')];
  const [a, b] = [call('call_a'), call('call_b')];
  assert.deepEqual(withoutCalls([one, a, b], new Set([a])), [one, b]);
  assert.deepEqual(withoutCalls([one, a, b], new Set([b])), [one, a]);
  assert.deepEqual(withoutCalls([one, a, two, b], new Set([a])), [two, b]);
  assert.deepEqual(withoutCalls([one, a, two, b], new Set([b])), [one, a]);
  const said = message('Looking.');
  assert.deepEqual(withoutCalls([one, said, a, two, b], new Set([a])), [one, said, two, b]);
  assert.deepEqual(withoutCalls([one, two, a, b], new Set([a])), [one, two, b]);
});
