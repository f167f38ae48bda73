/** Logs for the page, as the proxy would have written them. */

type Entry = Record<string, unknown>;

const begin = Date.parse('2026-11-22T12:00:00.000Z');

/** The lines of one exchange; `at` are milliseconds since it began. */
export function exchangeLines(id: string, entries: readonly (Entry & { at: number; direction: string })[]): string {
  return entries
    .map(
      ({ at, ...entry }) =>
        `${JSON.stringify({ time: new Date(begin + at).toISOString(), port: 5102, id, path: '/v1/chat/completions', ...entry })}\n`,
    )
    .join('');
}

const sse = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;

interface Streamed {
  model?: string;
  asked?: object;
  sent?: object;
  deltas: readonly string[];
  headers?: Record<string, string>;
}

/** An exchange whose answer is a stream of text. */
export function streamedExchange(id: string, { model = 'gpt-5', asked = {}, sent = {}, deltas, headers = {} }: Streamed): string {
  const chat = { model, stream: true, messages: [{ role: 'user', content: 'Hello' }], ...asked };
  const text = deltas.join('');
  const item = { type: 'message', id: 'm', role: 'assistant', content: [{ type: 'output_text', text, annotations: [] }] };
  const response = {
    object: 'response',
    id: 'r',
    model,
    status: 'completed',
    output: [item],
    usage: { input_tokens: 10, output_tokens: 20 },
  };
  const stream = { 'content-type': 'text/event-stream' };
  const at = (index: number): number => 100 + index * 2;
  const end = at(deltas.length);
  const event = (when: number, value: object) => ({ at: when, direction: 'upstream-response-chunk', body: sse(value) });
  const chunk = (when: number, delta: object, finish: string | null = null) => ({
    at: when,
    direction: 'downstream-response-chunk',
    body: sse({ id: 'c', object: 'chat.completion.chunk', model, choices: [{ index: 0, delta, finish_reason: finish }] }),
  });
  return exchangeLines(id, [
    {
      at: 0,
      direction: 'downstream-request',
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(chat),
    },
    {
      at: 1,
      direction: 'upstream-request',
      method: 'POST',
      path: '/responses',
      headers,
      body: JSON.stringify({ model, stream: true, input: chat.messages, store: false, ...sent }),
    },
    { at: 90, direction: 'upstream-response', path: '/responses', status: 200, headers: { ...stream, ...headers } },
    event(95, { type: 'response.created', response: { ...response, output: [] } }),
    { at: 100, direction: 'downstream-response', status: 200, headers: { ...stream, 'x-openai-proxy-route': 'responses', ...headers } },
    ...deltas.flatMap((delta, index) => [
      event(at(index), { type: 'response.output_text.delta', item_id: 'm', output_index: 0, content_index: 0, delta }),
      chunk(at(index), { content: delta }),
    ]),
    event(end, { type: 'response.completed', response }),
    chunk(end, {}, 'stop'),
    { at: end, direction: 'downstream-response-chunk', body: 'data: [DONE]\n\n' },
  ]);
}
