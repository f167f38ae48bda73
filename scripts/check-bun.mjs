// An error in the middle of a stream, read on Bun, which the npm registry has as the package `bun`: it loses the last bytes before a connection that is cut.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import OpenAI from 'openai';
import { createProxy } from '../dist/lib/server/index.js';

const runs = 20;
const words = 'So far so good. '.repeat(20);
const [url] = process.argv.slice(2);
if (url === undefined) await serve();
else await ask(url);

/** Under Node: the proxy, before an upstream that fails in the middle of its answer; the model names the way. */
async function serve() {
  const upstream = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    const send = (event, done) => response.write(`data: ${JSON.stringify(event)}\n\n`, done);
    const breaks = JSON.parse(body).model === 'breaks';
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const deltas = words.split(/(?<= )/);
    for (const [at, delta] of deltas.entries()) {
      const isLast = at === deltas.length - 1;
      send({ type: 'response.output_text.delta', delta }, () => isLast && breaks && response.socket.destroy());
    }
    if (!breaks) response.end(`data: ${JSON.stringify({ type: 'error', error: { message: 'It broke down.' } })}\n\n`);
  }).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const proxy = createProxy({ mode: 'responses', upstream: `http://127.0.0.1:${upstream.address().port}/v1` });
  const { port } = await proxy.listen(0);
  const file = fileURLToPath(import.meta.url);
  const child = spawn('npx', ['-y', 'bun@1.4.5', file, `http://127.0.0.1:${port}/v1`], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  [process.exitCode] = await once(child, 'close');
  await proxy.close({ graceful: false });
  upstream.close();
}

/** Under Bun: counts the runs in which a client gets all of the text, and the error once. */
async function ask(baseURL) {
  const clients = {
    fetch: async (asked) => {
      const { body } = await fetch(`${baseURL}/chat/completions`, { method: 'POST', body: JSON.stringify(asked) });
      let all = '';
      for await (const piece of body.pipeThrough(new TextDecoderStream())) all += piece;
      const chunks = all.split('\n\n').flatMap((line) => (line.startsWith('data: ') ? [JSON.parse(line.slice(6))] : []));
      const errors = chunks.filter(({ error }) => error).map(({ error }) => error.message);
      return { text: chunks.map(({ choices }) => choices?.[0]?.delta.content ?? '').join(''), errors };
    },
    openai: async (asked) => {
      let text = '';
      try {
        const openai = new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0 });
        for await (const { choices } of await openai.chat.completions.create(asked)) text += choices[0]?.delta.content ?? '';
      } catch (error) {
        return { text, errors: [error.message] };
      }
      return { text, errors: [] };
    },
  };
  const ends = { fails: /It broke down\./, breaks: /closed the connection before/ };
  const rows = [];
  for (const [client, send] of Object.entries(clients)) {
    for (const [model, message] of Object.entries(ends)) {
      const row = { bun: process.versions.bun, client, upstream: model, runs, texts: 0, errors: 0 };
      for (let run = 0; run < runs; run += 1) {
        const asked = { model, stream: true, messages: [{ role: 'user', content: 'hi' }] };
        const { text, errors } = await send(asked).catch((error) => ({ text: '', errors: [String(error)] }));
        if (text === words) row.texts += 1;
        if (errors.length === 1 && message.test(errors[0])) row.errors += 1;
        else console.log(client, model, errors);
      }
      rows.push(row);
    }
  }
  console.table(rows);
  process.exitCode = rows.every(({ texts, errors }) => texts === runs && errors === runs) ? 0 : 1;
}
