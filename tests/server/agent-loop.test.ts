import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { scriptedUpstream, startProxy } from './support.ts';
import { assertInput, functionCall, giveTurn, message, thought, withoutIds, type Item } from './turns.ts';

const turns = 10;

interface Sent {
  input: object[];
  include?: string[];
  store: boolean;
  stream?: boolean;
}

/** What a model does in one turn of the loop: it thinks, sometimes says something, and calls several functions at once. */
function turnOf(n: number): Item[] {
  if (n === turns) return [thought('done'), message('All done.', 'final_answer')];
  const calls = Array.from({ length: 1 + (n % 3) }, (_, at) =>
    functionCall(`call_${n}_${at}`, at % 2 ? 'square' : 'double', { n: n * 10 + at }),
  );
  const said = [[], [message(`Step ${n}.`, 'commentary')], [message(`Turn ${n}.`)], [message(`So far, so good (${n}).`, 'final_answer')]][
    n % 4
  ]!;
  const [first, ...others] = calls;
  // a model may think again between its calls
  return [thought(`turn ${n}`), ...said, first!, ...(others.length > 0 ? [thought(`more of ${n}`)] : []), ...others];
}

const results: Record<string, (n: number) => number> = { double: (n) => 2 * n, square: (n) => n * n };

for (const stream of [false, true]) {
  test(`an agent of the openai package gets all of its turns back to the model, ${stream ? 'streamed' : 'whole'}`, async (t) => {
    const expected: object[] = [{ role: 'user', content: 'Go.' }];
    const received: Sent[] = [];
    const wanted: object[][] = [];
    const upstream = await scriptedUpstream(t, (response, { body }) => {
      const sent = JSON.parse(body.toString('utf8')) as Sent;
      received.push(sent);
      wanted.push([...expected]);
      const items = turnOf(received.length);
      giveTurn(response, items, sent.stream === true);
      expected.push(...withoutIds(items));
      for (const { type, call_id, name, arguments: args } of items as { [key: string]: string }[]) {
        if (type !== 'function_call') continue;
        const { n } = JSON.parse(args!) as { n: number };
        expected.push({ type: 'function_call_output', call_id, output: String(results[name!]!(n)) });
      }
    });
    const { url, finished } = await startProxy(t, { upstream: upstream.url, mode: 'responses' });
    const client = new OpenAI({ apiKey: 'sk-agent', baseURL: `${url}/v1`, maxRetries: 0 });
    const tool = (name: string) => ({
      type: 'function' as const,
      function: {
        name,
        description: name,
        parameters: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] },
        parse: JSON.parse as (text: string) => { n: number },
        function: ({ n }: { n: number }) => String(results[name]!(n)),
      },
    });
    const request = {
      model: 'gpt-5.4',
      messages: [{ role: 'user' as const, content: 'Go.' }],
      tools: [tool('double'), tool('square')],
    };
    const options = { maxChatCompletions: 2 * turns };
    const runner = stream
      ? client.chat.completions.runTools({ ...request, stream: true }, options)
      : client.chat.completions.runTools({ ...request, stream: false }, options);

    assert.equal(await runner.finalContent(), 'All done.');
    assert.equal(received.length, turns);
    for (const [at, { input, include, store }] of received.entries()) {
      assertInput(input, wanted[at]!, `request ${at + 1}`);
      assert.deepEqual({ include, store }, { include: ['reasoning.encrypted_content'], store: false });
    }
    assert.deepEqual(
      finished.flatMap(({ report }) => report.notes),
      [],
    );
  });
}
