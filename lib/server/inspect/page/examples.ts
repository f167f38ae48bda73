import { objectOf } from '../../../json.ts';
import { addToAnswer, emptyAnswer, type Answer } from '../model/answer.ts';
import { parseJson } from '../model/entry.ts';
import { FrameReader } from '../model/frames.ts';

type Message = Record<string, unknown>;

const tool = (name: string, parameter: string): object => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: { [parameter]: { type: 'string' } }, required: [parameter] } },
});

/** Sends what shows most of a demo: a search, reasoning, an addition that is refused, a mistake, and a loop of tool calls. */
export async function sendExamples(): Promise<void> {
  const ask = (content: string): Message[] => [{ role: 'user', content }];
  await send({ model: 'gpt-5.5', messages: ask('Search: which API is newer?') });
  await send({
    model: 'gpt-5.5',
    stream: true,
    seed: 7,
    stop: ['\n\n\n'],
    messages: ask('Think: how many cats catch a hundred mice in a hundred minutes?'),
  });
  await send({ model: 'gpt-5-mini', stream: true, messages: ask('Think, although the summary will be refused.') });
  await send({ model: 'gpt-5.5', messages: [] });
  await useTools(ask('Do I need an umbrella today? Use both tools.'));
}

/** As a client does: calls what it is asked to call, and returns the results, until there is an answer. */
async function useTools(messages: Message[]): Promise<void> {
  const tools = [tool('get_weather', 'city'), tool('get_calendar', 'day')];
  const results = ['Rain after noon', 'A walk at 3 p.m.'];
  for (const result of [...results, '']) {
    const { calls, content } = await send({ model: 'gpt-5.5', stream: true, stream_options: { include_usage: true }, tools, messages });
    if (calls.length === 0) return;
    const made = calls.map(({ id, name, arguments: args }) => ({ id, type: 'function', function: { name, arguments: args } }));
    messages.push({ role: 'assistant', content: content || null, tool_calls: made });
    for (const { id } of calls) messages.push({ role: 'tool', tool_call_id: id, content: result });
  }
}

/** Sends a chat completion to the proxy of this page. The key is none; it only tells the proxy that one client asks. */
async function send(request: object): Promise<Answer> {
  const response = await fetch('/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer demo-client' },
    referrerPolicy: 'no-referrer',
    body: JSON.stringify(request),
  });
  const text = await response.text();
  const answer = emptyAnswer();
  const isStream = response.headers.get('content-type')?.includes('event-stream');
  for (const data of isStream ? new FrameReader().push(text).map((frame) => frame.data) : [text])
    addToAnswer(answer, objectOf(parseJson(data)));
  return answer;
}
