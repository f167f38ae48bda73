import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ProxyError } from '../../lib/error.ts';
import type { ChatRequest } from '../../lib/index.ts';
import { parseAlias, routeOf, toResponsesRequest } from '../../lib/index.ts';
import { isObject } from '../../lib/json.ts';
import { fields } from '../../lib/request/fields.ts';
import { fixtures } from '../answer/fixtures.ts';

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    '',
    'constructor',
    '__proto__',
    [],
    [null],
    {},
    [[]],
    { type: null },
    { type: 'function' },
    '\ud800',
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

const prototype = Object.getOwnPropertyNames(Object.prototype).join();

/** Everything that is done with a request: whatever it is, the only error is the library's own, and a body that passes can be written out. */
function onlyOwnErrors(chat: ChatRequest): void {
  for (const turns of [undefined, new Map()]) {
    try {
      if (isObject(chat)) routeOf(chat);
      const { request, chatParam } = toResponsesRequest(chat, { ...(turns && { turns }) });
      JSON.stringify(request);
      for (const param of ['input[0].content', 'tools[0].name', 'text.format.schema', 'input', null]) chatParam(param);
    } catch (error) {
      if (!(error instanceof ProxyError)) throw error;
      assert.equal(error.status, 400);
    }
  }
  assert.equal(Object.getOwnPropertyNames(Object.prototype).join(), prototype);
}

/** A copy with one value, at any depth, replaced. */
function broken(value: unknown, choose: () => number, replacement: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return replacement;
  const names = Object.keys(value);
  const name = names[choose() % names.length]!;
  const copy: Record<string, unknown> = Array.isArray(value) ? ([...value] as never) : { ...value };
  copy[name] = choose() % 4 === 0 ? replacement : broken(copy[name], choose, replacement);
  return copy;
}

test('a request with any value in any place is translated or refused', () => {
  fc.assert(
    fc.property(fc.constantFrom(...fixtures), fc.infiniteStream(fc.nat(100)), odd, (fixture, at, replacement) => {
      onlyOwnErrors(broken(fixture.chat, () => at.next().value!, replacement) as ChatRequest);
    }),
    { seed: 5109, numRuns: 5000 },
  );
});

test('any value in any field is translated or refused', () => {
  const base = { model: 'gpt-5.4', messages: [{ role: 'user', content: 'Hi' }] };
  fc.assert(
    fc.property(fc.constantFrom(...fields.keys(), '__proto__', 'constructor', 'toString'), odd, (name, value) => {
      onlyOwnErrors(JSON.parse(JSON.stringify({ ...base, [name]: value })) as ChatRequest);
    }),
    { seed: 5110, numRuns: 3000 },
  );
});

test('anything at all is translated or refused', () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.record({ model: fc.constant('gpt-5'), messages: fc.array(fc.jsonValue()) })), (body) => {
      onlyOwnErrors(body as ChatRequest);
    }),
    { seed: 5111, numRuns: 3000 },
  );
});

test('names of what every object has are names like any other', () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    const messages = [
      { role: 'user', content: 'Hi', [name]: 1 },
      { role: 'assistant', tool_calls: [{ id: name, type: 'function', function: { name, arguments: '{}' } }] },
      { role: 'tool', tool_call_id: name, content: name },
    ];
    const body = JSON.parse(
      `{"model":"gpt-4.1","${name}":1,"messages":${JSON.stringify(messages)},"tools":[{"type":"function","function":{"name":"${name}"}}],"metadata":{"${name}":"x"}}`,
    ) as ChatRequest;
    const { request, notes, context } = toResponsesRequest(body);
    assert.deepEqual(request.input, [
      { role: 'user', content: 'Hi' },
      { type: 'function_call', call_id: name, name, arguments: '{}' },
      { type: 'function_call_output', call_id: name, output: name },
    ]);
    assert.deepEqual(notes, [`dropped ${name}`]);
    assert.ok(context.tools.has(name));
    assert.ok(JSON.stringify(request).includes(`"metadata":{"${name}":"x"}`));
  }
  assert.throws(() => parseAlias('gpt-5:res-constructor'), ProxyError);
  assert.equal(Object.getOwnPropertyNames(Object.prototype).join(), prototype);
});

test('JSON nested more than 256 deep is refused, whatever its depth', () => {
  const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
  const chat = (depth: number): ChatRequest => ({ model: 'gpt-5', messages: [{ role: 'user', content: nested(depth) }] }) as ChatRequest;
  assert.doesNotThrow(() => toResponsesRequest(chat(200)));
  for (const depth of [257, 5000, 100_000]) {
    assert.throws(
      () => toResponsesRequest(chat(depth)),
      (error) => error instanceof ProxyError && error.status === 400,
    );
  }
});
