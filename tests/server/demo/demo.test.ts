import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demoFetch } from '../../../lib/server/demo/demo.ts';
import { call, serveCommand, startProxy } from '../support.ts';

interface Completion {
  choices: { message: Record<string, unknown>; delta: Record<string, unknown>; finish_reason: string | null }[];
}

const tools = [
  {
    type: 'function',
    function: {
      name: 'look',
      parameters: { type: 'object', properties: { at: { type: 'string' }, n: { type: 'integer' } }, required: ['at', 'n'] },
    },
  },
];

async function ask(port: number, prompt: string, more: object = {}): Promise<string> {
  const { status, text } = await call(port, {
    body: JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: prompt }], ...more }),
  });
  assert.equal(status, 200, text);
  return text;
}

const chunksOf = (text: string): Completion[] =>
  text
    .split('\n\n')
    .filter((frame) => frame.startsWith('data: {'))
    .map((frame) => JSON.parse(frame.slice('data: '.length)) as Completion);
const joined = (chunks: Completion[], field: string): string => chunks.map(({ choices }) => choices[0]?.delta[field] ?? '').join('');

describe('the demo', { concurrency: true }, () => {
  for (const mode of ['chat', 'responses'] as const) {
    it(`answers without a key and a network, whole and streamed: ${mode}`, async (t) => {
      const { port } = await startProxy(t, { fetch: demoFetch, mode });
      const whole = JSON.parse(await ask(port, 'Hello')) as Completion;
      const content = String(whole.choices[0]?.message['content']);
      assert.match(content, /demo of openai-proxy.*👋/);
      const streamed = await ask(port, 'Hello', { stream: true });
      assert.match(streamed, /data: \[DONE\]\n\n$/);
      assert.equal(joined(chunksOf(streamed), 'content'), content);
    });

    it(`calls the tool that it is given, and answers its result: ${mode}`, async (t) => {
      const { port } = await startProxy(t, { fetch: demoFetch, mode });
      const whole = JSON.parse(await ask(port, 'Look', { tools })) as Completion;
      const choice = whole.choices[0] as Completion['choices'][number];
      const calls = choice.message['tool_calls'] as { id: string; function: { name: string; arguments: string } }[];
      assert.equal(choice.finish_reason, 'tool_calls');
      assert.deepEqual(
        calls.map((one) => one.function),
        [{ name: 'look', arguments: '{"at":"example","n":1}' }],
      );
      const messages = [
        { role: 'user', content: 'Look' },
        whole.choices[0]?.message,
        { role: 'tool', tool_call_id: calls[0]?.id, content: 'seen' },
      ];
      assert.match(await ask(port, '', { tools, messages }), /demo of openai-proxy/);
      assert.match(await ask(port, 'Look', { tools, tool_choice: 'none' }), /demo of openai-proxy/);
    });
  }

  for (const mode of ['chat', 'responses'] as const) {
    it(`calls each of two tools in turn, and then answers: ${mode}`, async (t) => {
      const { port } = await startProxy(t, { fetch: demoFetch, mode });
      const two = [...tools, { type: 'function', function: { name: 'listen' } }, { type: 'function', function: { name: 'third' } }];
      const messages: object[] = [{ role: 'user', content: 'Look and listen' }];
      const called: string[] = [];
      let content: unknown = null;
      for (let turn = 0; turn < 4 && content === null; turn += 1) {
        const { message } = (JSON.parse(await ask(port, '', { tools: two, messages })) as Completion).choices[0] ?? {};
        content = message?.['content'];
        messages.push(message ?? {});
        for (const { id, function: made } of (message?.['tool_calls'] ?? []) as { id: string; function: { name: string } }[]) {
          called.push(made.name);
          messages.push({ role: 'tool', tool_call_id: id, content: 'done' });
        }
      }
      assert.deepEqual(called, ['look', 'listen']);
      assert.match(String(content), /Both tools have answered/);
    });
  }

  it('refuses the summary where the user speaks of a refusal, and answers without it', async (t) => {
    const { port, finished } = await startProxy(t, { fetch: demoFetch, mode: 'responses' });
    const chunks = chunksOf(await ask(port, 'Think; it will be refused', { stream: true }));
    assert.match(joined(chunks, 'content'), /five cats/i);
    assert.deepEqual(finished[0]?.report.notes, ['removed reasoning.summary (refused upstream)']);
  });

  it('shows reasoning and a search with citations', async (t) => {
    const { port } = await startProxy(t, { fetch: demoFetch, mode: 'responses' });
    assert.match(joined(chunksOf(await ask(port, 'Think!', { stream: true })), 'reasoning_content'), /Counting the cats/);
    const { message } = (JSON.parse(await ask(port, 'Search the web')) as Completion).choices[0] ?? {};
    const citations = message?.['annotations'] as { url_citation: { start_index: number; end_index: number; url: string } }[];
    assert.equal(citations.length, 2);
    for (const { url_citation: cited } of citations) {
      assert.ok(String(message?.['content']).slice(cited.start_index, cited.end_index).includes(cited.url));
    }
  });

  it('is shown an image', async (t) => {
    const url = `data:image/png;base64,${'iVBORw0KGgo+/AAA'.repeat(16 * 1024)}`;
    const messages = [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }];
    for (const mode of ['chat', 'responses'] as const) {
      const { port } = await startProxy(t, { fetch: demoFetch, mode });
      assert.match(await ask(port, '', { messages }), /demo of openai-proxy/);
    }
  });

  it('answers Responses requests too, and nothing else', async (t) => {
    const { port } = await startProxy(t, { fetch: demoFetch, mode: 'responses' });
    const answer = await call(port, { path: '/v1/responses', body: '{"model":"gpt-5","input":"Hello"}' });
    assert.equal((JSON.parse(answer.text) as { object: string }).object, 'response');
    assert.equal((await call(port, { path: '/v1/embeddings', body: '{}' })).status, 404);
    assert.equal((await call(port, { path: '/v1/responses', body: 'no json' })).status, 400);
    assert.equal(
      (await demoFetch('https://api.openai.com/v1/chat/completions', { method: 'POST', body: '{"model":"gpt-5"}' })).status,
      400,
    );
  });

  it('is what the command answers with', async (t) => {
    const { port } = await serveCommand(t, ['--demo', '--mode', 'responses']);
    assert.match(await ask(port, 'Hello', { stream: true }), /data: \[DONE\]/);
  });
});
