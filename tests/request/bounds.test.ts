import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { budgets } from '../../lib/budgets.ts';
import { ProxyError } from '../../lib/error.ts';
import type { JsonObject } from '../../lib/json.ts';
import { assertWithinBudgets } from '../../lib/request/bounds.ts';
import { translate } from '../../lib/request/translate.ts';
import type { ChatRequest } from '../../lib/wire/chat.ts';

const chat = (more: object): ChatRequest => ({ model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }], ...more }) as ChatRequest;
const many = <Value>(count: number, make: (n: number) => Value): Value[] => Array.from({ length: count }, (_, n) => make(n));
const long = 'x'.repeat(budgets.nameLength + 1);
const call = (id: string, name: string): object => ({ id, type: 'function', function: { name, arguments: '{}' } });
const conversation = (calls: object[]): object => ({
  messages: [
    { role: 'user', content: 'x' },
    { role: 'assistant', tool_calls: calls },
  ],
});

const refused: [what: string, more: object, param: string | null][] = [
  ['more fields', Object.fromEntries(many(budgets.fields, (n) => [`f${n}`, 1])), null],
  ['more tools', { tools: many(budgets.tools + 1, () => ({ type: 'function', function: { name: 'f' } })) }, 'tools'],
  ['more functions', { functions: many(budgets.tools + 1, () => ({ name: 'f' })) }, 'functions'],
  ['more calls', conversation(many(budgets.calls + 1, (n) => call(`c${n}`, 'f'))), 'messages'],
  ['more stop sequences', { stop: many(budgets.stops + 1, String) }, 'stop'],
  ['a longer stop sequence', { stop: 'x'.repeat(budgets.stopLength + 1) }, 'stop'],
  ['a longer one of several', { stop: ['a', 'x'.repeat(budgets.stopLength + 1)] }, 'stop'],
  ['a longer name of the model', { model: long }, 'model'],
  ['a longer id of a call', conversation([call(long, 'f')]), 'messages[1].tool_calls[0].id'],
  ['a longer name of a call', conversation([call('c', long)]), 'messages[1].tool_calls[0].function.name'],
  ['a longer id of an output', { messages: [{ role: 'tool', tool_call_id: long, content: 'x' }] }, 'messages[0].tool_call_id'],
];

describe('a chat request beyond a budget is refused, and the field is named', () => {
  for (const [what, more, param] of refused) {
    it(what, () => {
      assert.throws(
        () => translate(chat(more)),
        (error: unknown) => error instanceof ProxyError && error.status === 400 && error.param === param && error.message.length < 200,
      );
    });
  }
});

describe('a chat request within its budgets', () => {
  it('passes, up to each of them', () => {
    const { context } = translate(chat({ stop: many(budgets.stops, (n) => 'x'.repeat(budgets.stopLength - 1) + n.toString(16)) }));
    assert.equal(context.stop.length, budgets.stops);
    assert.equal(
      translate(chat({ tools: many(budgets.tools, (n) => ({ type: 'function', function: { name: `f${n}` } })) })).request.tools?.length,
      budgets.tools,
    );
    assert.doesNotThrow(() => translate(chat(conversation(many(budgets.calls, (n) => call(`c${n}`, 'f'))))));
    assert.doesNotThrow(() => translate(chat({ functions: many(budgets.tools, (n) => ({ name: `f${n}` })) })));
  });
});

describe('a request at a budget', () => {
  it('passes, and one more is refused with the limit', () => {
    const text = (error: unknown): string => (error as Error).message;
    const refusal = (body: object): string => {
      try {
        assertWithinBudgets(body as JsonObject);
        return '';
      } catch (error) {
        return text(error);
      }
    };
    const fields = (count: number): object => Object.fromEntries(many(count, (n) => [`f${n}`, 1]));
    assert.equal(refusal(fields(budgets.fields)), '');
    assert.match(refusal(fields(budgets.fields + 1)), /1000/);
    assert.equal(refusal({ model: 'x'.repeat(budgets.nameLength) }), '');
    assert.match(refusal({ model: long }), /4096/);
    assert.equal(refusal({ stop: 'x'.repeat(budgets.stopLength) }), '');
    assert.equal(refusal({ stop: many(budgets.stops, String) }), '');
    assert.match(refusal({ stop: many(budgets.stops + 1, String) }), /16.*256/);
    assert.match(refusal({ tools: many(budgets.tools + 1, String) }), /2000.*entries/);
    assert.equal(refusal(conversation(many(budgets.calls, (n) => call(`c${n}`, 'f')))), '');
    assert.match(refusal(conversation(many(budgets.calls + 1, (n) => call(`c${n}`, 'f')))), /messages.*20000.*tool calls/);
  });

  it('has no name that is longer, wherever it stands', () => {
    const paramOf = (message: object): unknown => {
      try {
        assertWithinBudgets({ messages: [message] } as unknown as JsonObject);
        return undefined;
      } catch (error) {
        return (error as ProxyError).param;
      }
    };
    for (const name of ['name', 'tool_call_id', 'call_id']) assert.equal(paramOf({ [name]: long }), `messages[0].${name}`);
    assert.equal(paramOf({ tool_calls: [{}, { name: long }] }), 'messages[0].tool_calls[1].function.name');
    assert.equal(paramOf({ content: long }), undefined);
    assert.equal(paramOf({ tool_calls: [{ function: { name: 'f' }, name: long }] }), undefined);
  });
});
