import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { toResponsesRequest } from '../../lib/index.ts';

interface Call {
  custom: boolean;
  name: string;
  input: string;
  output: string | undefined;
}

type Turn = { role: 'system' | 'developer' | 'user' | 'assistant'; text: string; asParts: boolean } | { calls: Call[]; text: string };

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });

const turn: fc.Arbitrary<Turn> = fc.oneof(
  fc.record({ role: fc.constantFrom('system', 'developer', 'user', 'assistant'), text, asParts: fc.boolean() }),
  fc.record({
    text: fc.constantFrom('', 'Let me see.'),
    calls: fc.array(
      fc.record({
        custom: fc.boolean(),
        name: fc.constantFrom('f', 'g', '__proto__', 'n'.repeat(80)),
        input: fc.string({ maxLength: 10 }),
        output: fc.option(text, { nil: undefined }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  }),
);

/** Ids that clients make up: too long, used in several turns, names of what every object has. */
const id = fc.constantFrom('call_1', 'call_2', '__proto__', 'constructor', 'x'.repeat(64), 'x'.repeat(65), 'x'.repeat(66), '');

interface Conversation {
  messages: object[];
  said: [role: string, text: string][];
  calls: Omit<Call, 'custom'>[];
}

/** The messages that a client sends for the turns; each call of a turn has another id. */
function conversation(turns: readonly Turn[], ids: readonly string[]): Conversation {
  const messages: object[] = [];
  const said: [string, string][] = [];
  const made: Omit<Call, 'custom'>[] = [];
  for (const one of turns) {
    if (one.text !== '') said.push(['role' in one ? one.role : 'assistant', one.text]);
    if ('role' in one) {
      messages.push({ role: one.role, content: one.asParts ? [{ type: 'text', text: one.text }] : one.text });
      continue;
    }
    const calls = one.calls.slice(0, ids.length).map((call, at) => ({ ...call, id: ids[at]! }));
    messages.push({
      role: 'assistant',
      content: one.text || null,
      tool_calls: calls.map(({ id: own, custom, name, input }) =>
        custom ? { id: own, type: 'custom', custom: { name, input } } : { id: own, type: 'function', function: { name, arguments: input } },
      ),
    });
    made.push(...calls.map(({ name, input, output }) => ({ name, input, output })));
    for (const { id: own, output } of calls) if (output !== undefined) messages.push({ role: 'tool', tool_call_id: own, content: output });
  }
  return { messages, said, calls: made };
}

type Item = Record<string, unknown>;

function textIn(content: unknown): string {
  return typeof content === 'string' ? content : (content as { text: string }[]).map((part) => part.text).join('');
}

test('every text with its role, and every call with its output, survives, in order', () => {
  fc.assert(
    fc.property(fc.array(turn, { minLength: 1, maxLength: 6 }), fc.uniqueArray(id, { minLength: 3, maxLength: 3 }), (turns, ids) => {
      // which of a message's calls an output without an id belongs to can only be told if all of them are answered
      const answered = !ids.includes('')
        ? turns
        : turns.map((one) => ('calls' in one ? { ...one, calls: one.calls.map((call) => ({ ...call, output: call.output ?? '' })) } : one));
      const { messages, said, calls } = conversation(answered, ids);
      const { request } = toResponsesRequest({ model: 'gpt-4.1', messages }, { additions: false });
      const items = request.input as Item[];
      assert.deepEqual(
        items.flatMap(({ role, content }) => (role ? [[role, textIn(content)]] : [])),
        said,
      );
      const outputs = new Map(items.filter(({ type }) => String(type).endsWith('_output')).map((item) => [item['call_id'], item]));
      const sent = items.filter(({ type }) => String(type).endsWith('_call'));
      assert.deepEqual(
        sent.map(({ call_id, input, arguments: args }) => ({ input: input ?? args, output: outputs.get(call_id)?.['output'] })),
        calls.map(({ input, output }) => ({ input, output: output ?? '' })),
      );
      for (const call of sent) {
        assert.equal(outputs.get(call['call_id'])?.['type'], `${String(call['type'])}_output`);
        assert.ok(String(call['call_id']).length <= 64 && String(call['call_id']) !== '' && String(call['name']).length <= 64);
      }
      assert.equal(new Set(sent.map(({ call_id }) => call_id)).size, sent.length, 'no id stands for two calls');
      assert.equal(outputs.size, sent.length);
    }),
    { seed: 5103, numRuns: 1000 },
  );
});

test('every call has one output and every output its call, whatever is missing', () => {
  fc.assert(
    fc.property(
      fc.array(turn, { minLength: 1, maxLength: 6 }),
      fc.uniqueArray(id, { minLength: 3, maxLength: 3 }),
      fc.infiniteStream(fc.nat(3)),
      (turns, ids, drops) => {
        const kept = conversation(turns, ids).messages.filter(() => drops.next().value !== 0);
        if (kept.length === 0) return;
        const { request, notes } = toResponsesRequest({ model: 'gpt-4.1', messages: kept }, { additions: false });
        const items = request.input as Item[];
        const ofCalls = items
          .filter(({ type }) => String(type).endsWith('_call'))
          .map(({ type, call_id }) => `${String(type)}_output ${String(call_id)}`);
        const ofOutputs = items
          .filter(({ type }) => String(type).endsWith('_output'))
          .map(({ type, call_id }) => `${String(type)} ${String(call_id)}`);
        assert.deepEqual(ofOutputs.toSorted(), ofCalls.toSorted());
        const answers = kept.filter((message) => 'role' in message && message.role === 'tool').length;
        const repaired = notes.filter((note) => /^empty output|without its call/.test(note)).length;
        assert.ok(repaired >= Math.abs(ofCalls.length - answers), 'a repair is noted');
      },
    ),
    { seed: 5104, numRuns: 1000 },
  );
});
