// The pure entry as a browser gets it: bundled, it reaches for nothing of Node's and translates a stream with a browser's globals only.
import assert from 'node:assert/strict';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';

const page = `
  import { createChunkStream, createEventReader, toResponsesRequest } from './dist/lib/index.js';

  const { request, context } = toResponsesRequest({ model: 'gpt-5', stream: true, messages: [{ role: 'user', content: 'Hello' }] });
  const reader = createEventReader();
  const stream = createChunkStream(context, { id: 'chatcmpl-1', created: 1, model: 'gpt-5' });
  const chunks = [...bytes].flatMap((byte) => reader.push(Uint8Array.of(byte))).flatMap((event) => stream.push(event));
  stream.end();
  result = JSON.stringify({ request, chunks });
`;
// For the platform "browser" a node: import is an error.
const { outputFiles, metafile } = await build({
  stdin: { contents: page, resolveDir: '.' },
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  format: 'iife',
  platform: 'browser',
  logLevel: 'error',
});
const [{ text: bundle }] = outputFiles;
assert.doesNotMatch(bundle, /\bnode:|\bprocess\.|\brequire\(/);
assert.deepEqual(
  Object.keys(metafile.inputs).filter((file) => !/^(<stdin>|dist\/lib\/(?!server\/).+)$/.test(file)),
  [],
);

const message = {
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text: 'Grüße 👋', annotations: [] }],
};
const response = { id: 'resp_1', object: 'response', created_at: 1, model: 'gpt-5', status: 'in_progress', output: [] };
const at = { item_id: 'msg_1', output_index: 0, content_index: 0 };
const events = [
  { type: 'response.created', response },
  { type: 'response.output_item.added', output_index: 0, item: { ...message, status: 'in_progress', content: [] } },
  { type: 'response.content_part.added', ...at, part: { type: 'output_text', text: '', annotations: [] } },
  { type: 'response.output_text.delta', ...at, delta: 'Grüße ' },
  { type: 'response.output_text.delta', ...at, delta: '👋' },
  { type: 'response.output_text.done', ...at, text: 'Grüße 👋' },
  { type: 'response.output_item.done', output_index: 0, item: message },
  { type: 'response.completed', response: { ...response, status: 'completed', output: [message] } },
];
const bytes = new TextEncoder().encode(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));

const browser = createContext({ bytes, TextDecoder, TextEncoder, URL, crypto, btoa, atob, result: '' });
runInContext(bundle, browser, { timeout: 10_000 });
const { request, chunks } = JSON.parse(browser.result);
assert.equal(request.model, 'gpt-5');
assert.equal(chunks.map((chunk) => chunk.choices[0].delta.content ?? '').join(''), 'Grüße 👋');
assert.deepEqual(chunks.map((chunk) => chunk.choices[0].finish_reason).filter(Boolean), ['stop']);
console.log(`ok: a bundle of ${bundle.length} characters translates a stream into ${chunks.length} chunks without Node`);
