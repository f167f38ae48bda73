import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { OutputItem } from '../../lib/index.ts';
import {
  called,
  callsOf,
  merged,
  Model,
  patched,
  result,
  said,
  thought,
  user,
  withCalls,
  withoutIds,
  type Message,
} from './conversations.ts';

// The prefix property: for every client that returns its history unchanged, the input of turn n + 1 begins with the input of turn n, byte for byte,
// followed by the items of its output. And nothing of one credential, model or branch shows up in another.

const all = 'gpt-5.6-sol';

/** What the model says in one turn. */
interface Shape {
  /** The user's message before it, if the turn before made no calls. */
  asks: 'text' | 'parts' | 'two messages';
  thoughts: boolean[];
  texts: string[];
  phases: boolean;
  /** Spaces and line breaks at the end of the last text. */
  end: string;
  calls: ('function' | 'custom' | 'namespace')[];
  finds: boolean;
}

const shape: fc.Arbitrary<Shape> = fc.record({
  asks: fc.constantFrom('text', 'parts', 'two messages'),
  thoughts: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  texts: fc.array(fc.constantFrom('Yes, é.', 'No 🦊', '> a quote\n\n\n\nand\r\nmore', '```\n  code\n```'), { maxLength: 2 }),
  phases: fc.boolean(),
  end: fc.constantFrom('', '\n', '  \n\n'),
  calls: fc.array(fc.constantFrom('function', 'custom', 'namespace'), { maxLength: 3 }),
  finds: fc.boolean(),
});

/** The items of a turn; `secret` is in its reasoning, and every text and argument is unlike any other. */
function outputOf({ thoughts, texts, phases, end, calls, finds }: Shape, mark: string, secret: string): OutputItem[] {
  const items: OutputItem[] = [];
  const think = (at: number): unknown => thoughts[at % thoughts.length] && items.push(thought(secret));
  const phase = phases ? (calls.length > 0 ? 'commentary' : 'final_answer') : undefined;
  const lines = texts.length > 0 || calls.length > 0 ? texts : ['Hm.'];
  for (const [at, text] of lines.entries()) {
    think(at);
    items.push(said(`${text} ${mark}.${at}${at === lines.length - 1 ? end : ''}`, phase));
  }
  if (finds && calls.length > 0) {
    const search = { call_id: null, execution: 'server', status: 'completed' };
    items.push({ type: 'tool_search_call', id: `tsc_${mark}`, ...search, arguments: { paths: ['look'] } } as OutputItem);
    items.push({ type: 'tool_search_output', id: `tso_${mark}`, ...search, tools: [{ type: 'function', name: 'look' }] } as OutputItem);
  }
  for (const [at, kind] of calls.entries()) {
    think(at + 2);
    const id = `call_${mark}_${at}`;
    if (kind === 'custom') items.push(patched(id, `*** ${mark}`));
    else items.push(called(id, { at: mark, deep: [{ b: 1, a: 'é' }] }, kind === 'namespace' ? { namespace: 'sea' } : {}));
  }
  return items;
}

/** What clients do with their history although they change nothing in it. */
const clients: Record<string, (messages: Message[]) => Message[]> = {
  'as it came': (messages) => messages,
  'texts trimmed': (messages) =>
    messages.map((one) => ({ ...one, content: typeof one['content'] === 'string' ? one['content'].trim() : one['content'] })),
  'texts as parts': (messages) =>
    messages.map((one) => (typeof one['content'] === 'string' ? { ...one, content: [{ type: 'text', text: one['content'] }] } : one)),
  'texts beside calls dropped': (messages) => messages.map((one) => (one['tool_calls'] ? { ...one, content: null } : one)),
  'arguments written anew': (messages) =>
    messages.map((one) =>
      withCalls(one, (call) => {
        if (!call.function) return call;
        const entries = Object.entries(JSON.parse(call.function.arguments) as object).toReversed();
        const written = JSON.stringify(Object.fromEntries(entries), null, 1).replaceAll('é', '\\u00e9');
        return { ...call, function: { ...call.function, arguments: written } };
      }),
    ),
  'ids stripped': (messages) =>
    messages.map((one) => {
      const plain = (id: unknown): string => String(id).replace(/[^a-z\d]/gi, '');
      return one['tool_call_id']
        ? { ...one, tool_call_id: plain(one['tool_call_id']) }
        : withCalls(one, (call) => ({ ...call, id: plain(call.id) }));
    }),
  'steps merged': (messages) => merged(messages),
};

/** The new messages that follow an answer, or begin a conversation. */
function next(answer: Message | undefined, { asks }: Shape, mark: string): Message[] {
  const calls = callsOf(answer ?? {});
  if (calls.length > 0) return calls.map(({ id }) => result(id, `Result of ${id}.`));
  if (asks === 'parts') return [{ role: 'user', content: [{ type: 'text', text: `Parts ${mark}?` }] }];
  return asks === 'text' ? [user(`Text ${mark}?`)] : [user('First this.'), user(`Then ${mark}?`)];
}

for (const [name, client] of Object.entries(clients)) {
  test(`the input of a turn begins with the input and the output of the turn before, byte for byte: ${name}`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(shape, { minLength: 2, maxLength: 8 }), async (generated) => {
        // a turn with nothing but calls in it is not kept, so that nothing tells it from the one it was merged with
        const thoughts = [true, true, true, true];
        const shapes = name === 'steps merged' ? generated.map((each) => ({ ...each, thoughts })) : generated;
        const model = new Model();
        const messages: Message[] = [{ role: 'system', content: 'Be brief.' }];
        let answer: Message | undefined;
        let before: object[] | undefined;
        for (const [at, each] of shapes.entries()) {
          messages.push(...next(answer, each, `n${at}`));
          const chat = { model: all, messages: client(messages) };
          const { input, notes } = await model.input(chat);
          if (before) {
            const expected = JSON.stringify(before).slice(0, -1);
            assert.ok(JSON.stringify(input).startsWith(expected), `${JSON.stringify(input)}\ndoes not begin with\n${expected}`);
          }
          assert.deepEqual(notes, []);
          const output = outputOf(each, `n${at}`, 'mine');
          answer = await model.answer(chat, output);
          messages.push(answer);
          before = [...input, ...expectedOf(output)];
        }
      }),
      { seed: 5106, numRuns: 150 },
    );
  });
}

/** An output as it comes back: as the client has it if there is nothing more in it. */
function expectedOf(output: readonly OutputItem[]): object[] {
  const isPlain =
    output.filter(({ type }) => type === 'message').length < 2 && output.every((item) => isPlainItem(item as unknown as Message));
  return isPlain ? [] : withoutIds(output);
}

function isPlainItem({ type, phase, namespace }: Message): boolean {
  return (
    (type === 'message' && phase === undefined) || type === 'custom_tool_call' || (type === 'function_call' && namespace === undefined)
  );
}

/** What happens in a world of several conversations. */
type Action =
  | { what: 'ask'; branch: number; shape: Shape; model: number; scope: number }
  | { what: 'fork'; branch: number; at: number }
  | { what: 'edit' | 'compact'; branch: number; at: number };

const place = { branch: fc.nat(5), at: fc.nat(20) };
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant('ask' as const), branch: fc.nat(5), shape, model: fc.nat(9), scope: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('fork' as const), ...place }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom('edit' as const, 'compact' as const), ...place }) },
);

interface Branch {
  messages: Message[];
  /** What the reasoning of each assistant message holds, and for whom it was kept. */
  secrets: Map<Message, { secret: string; scope: string }>;
}

test('nothing of one credential, model or branch shows up in another, whatever clients edit, fork and compact', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 40 }), async (actions) => {
      const model = new Model();
      const branches: Branch[] = [{ messages: [], secrets: new Map() }];
      for (const [n, one] of actions.entries()) {
        const branch = branches[one.branch % branches.length]!;
        const { messages, secrets } = branch;
        if (one.what === 'ask') {
          // mostly the same client and model
          const name = one.model === 0 ? 'gpt-6' : all;
          const scope = `${one.scope === 0 ? 'other' : 'one'} ${name}`;
          messages.push(...next(messages.at(-1), one.shape, `n${n}`));
          const chat = { model: name, messages };
          const { input } = await model.input(chat, scope);
          const found = input.flatMap((item) => /gAAAA (\S+)/.exec(String((item as Message)['encrypted_content']))?.[1] ?? []);
          const allowed = messages.flatMap((message) => secrets.get(message) ?? []).filter((each) => each.scope === scope);
          // in order, and none twice
          assert.deepEqual(
            [...new Set(found)],
            allowed.map(({ secret }) => secret).filter((secret) => found.includes(secret)),
          );
          const secret = `secret-${n}`;
          const answer = await model.answer(chat, outputOf(one.shape, `n${n}`, secret), scope);
          messages.push(answer);
          secrets.set(answer, { secret, scope });
        } else if (one.what === 'fork') {
          const end = messages.length === 0 ? 0 : (one.at % messages.length) + 1;
          branches.push({ messages: messages.slice(0, end), secrets: new Map(secrets) });
        } else if (one.what === 'edit' && messages.length > 0) {
          const at = one.at % messages.length;
          const message = messages[at]!;
          if (message['role'] === 'assistant') messages[at] = { ...message, content: `Edited ${n}.` };
        } else if (messages.length > 0) messages.splice(0, one.at % messages.length);
      }
    }),
    { seed: 5107, numRuns: 300 },
  );
});

test('where a client changes something, the input is the same up to there', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(shape, { minLength: 3, maxLength: 8 }), fc.nat(), fc.boolean(), async (shapes, choice, isRemoval) => {
      const model = new Model();
      const messages: Message[] = [];
      let answer: Message | undefined;
      for (const [at, each] of shapes.entries()) {
        messages.push(...next(answer, each, `n${at}`));
        answer = await model.answer({ model: all, messages }, outputOf(each, `n${at}`, 'mine'));
        messages.push(answer);
      }
      const whole = (await model.input({ model: all, messages })).input;
      const users = messages.flatMap((message, at) => (message['role'] === 'user' ? at : []));
      const at = users[choice % users.length]!;
      const changed = isRemoval ? messages.slice(0, at) : messages.with(at, user('Something else.'));
      if (changed.length === 0) return;
      const { input } = await model.input({ model: all, messages: changed });
      const same = whole.findIndex((item) => JSON.stringify(item) === JSON.stringify(inputOf(messages[at]!)));
      assert.ok(same >= 0);
      assert.deepEqual(input.slice(0, same), whole.slice(0, same));
    }),
    { seed: 5108, numRuns: 200 },
  );
});

/** The item of a user's message. */
function inputOf({ content }: Message): object {
  const parts = Array.isArray(content) ? (content as Message[]).map(({ text }) => ({ type: 'input_text', text })) : content;
  return { role: 'user', content: parts };
}
