import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, describe, it } from 'node:test';
import { listen, scriptedUpstream, until } from '../../support.ts';
import { chat, startInspected } from '../support.ts';
import { closeBrowser, count, dropFile, holds, openPage, skip, texts } from './browser.ts';
import { streamedExchange } from './logs.ts';

after(closeBrowser);

/** What would run, load or break out if any of it were taken for markup. */
const corpus = [
  '<script>window.broken = 1</script>',
  '<img src=x onerror="window.broken = 1">',
  '<svg onload="window.broken = 1"><animate onbegin="window.broken = 1" attributeName=x dur=1s>',
  '"><iframe srcdoc="<script>parent.broken = 1</script>">',
  "' autofocus onfocus='window.broken = 1",
  'javascript:window.broken=1//',
  '</script><script>window.broken = 1</script>',
  '</style><style>body{display:none}</style>',
  '<a href="javascript:window.broken = 1">x</a><base href="//evil.example/">',
  '<meta http-equiv="refresh" content="0;url=//evil.example/">',
  '<link rel=stylesheet href="//evil.example/x.css">',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.broken=1&gt;">',
  '{{constructor.constructor("window.broken = 1")()}}${window.broken = 1}',
  '__proto__',
  'constructor',
  '\u202e\u0000\ud800<b>',
];

const everything = `
  for (const one of document.querySelectorAll('details')) { one.open = true; one.dispatchEvent(new Event('toggle')); }
  for (const one of document.querySelectorAll('.virtual .row')) one.click();
  for (const one of document.querySelectorAll('.json button, .text button')) one.click();
`;

describe('the page of the inspector', { skip }, () => {
  it('shows an XSS corpus as text, wherever it stands', async (t) => {
    const upstream = await scriptedUpstream(t, (response, { body }) => {
      const { model } = JSON.parse(body.toString()) as { model: string };
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'x-hostile': Buffer.from(model)
          .toString('latin1')
          .replaceAll(/[^\x20-\x7e]/g, '?'),
      });
      const call = { type: 'function_call', id: 'f', call_id: model, name: model, arguments: JSON.stringify({ [model]: model }) };
      const item = {
        type: 'message',
        id: 'm',
        role: 'assistant',
        content: [
          {
            type: 'output_text',
            text: model,
            annotations: [{ type: 'url_citation', title: model, url: model, start_index: 0, end_index: 1 }],
          },
        ],
      };
      const search = { type: 'web_search_call', id: 's', action: { type: 'search', query: model } };
      const reasoning = { type: 'reasoning', id: 'r', summary: [{ type: 'summary_text', text: model }] };
      for (const [output_index, one] of [reasoning, search, item, call].entries())
        response.write(`data: ${JSON.stringify({ type: 'response.output_item.done', output_index, item: one })}\n\n`);
      response.write(`data: ${JSON.stringify({ type: model, [model]: model })}\n\ndata: ${model.replaceAll('\n', ' ')}\n\n`);
      response.end(
        `data: ${JSON.stringify({ type: 'response.completed', response: { object: 'response', id: model, model, output: [reasoning, search, item, call] } })}\n\n`,
      );
    });
    const { url, page: address, finished } = await startInspected(t, { upstream: upstream.url });
    for (const text of corpus) {
      const image = { type: 'file', file: { filename: text, file_data: `data:text/html;base64,${Buffer.from(text).toString('base64')}` } };
      await chat(url, {
        model: text,
        stream: true,
        [text]: text,
        user: text,
        messages: [
          { role: 'system', name: text, content: text },
          { role: 'user', content: [{ type: 'text', text }, image] },
        ],
        tools: [
          {
            type: 'function',
            function: { name: text, description: text, parameters: { type: 'object', properties: { [text]: { type: text } } } },
          },
        ],
      });
    }
    // and one whose error has it
    await chat(url, { model: 'm', messages: [{ role: corpus[1], content: corpus[0] }] });
    await until(() => finished.length === corpus.length + 1, 'all end', 10_000);
    const { page, faults, requests } = await openPage(t, address);
    await holds(page, `document.querySelectorAll('.list .exchange').length === ${corpus.length + 1}`);
    for (let at = 0; at <= corpus.length; at += 1) {
      await page.keyboard.press('j');
      for (let again = 0; again < 3; again += 1) await page.evaluate(everything);
    }
    // logs of strangers: in every field, and where a name is expected
    const hostile = corpus
      .map((text, at) =>
        streamedExchange(`${at}${text}`, { model: text, asked: { [text]: text }, deltas: [text], headers: { 'x-a': text } }),
      )
      .join('');
    await dropFile(
      page,
      corpus[1] ?? '',
      hostile + corpus.map((text) => `${JSON.stringify({ id: text, direction: text, path: text, method: text, time: text })}\n`).join(''),
    );
    await holds(page, "document.querySelector('.connection').textContent.includes('onerror')");
    const total = await count(page, '.list .exchange');
    assert.ok(total > corpus.length);
    for (let at = 0; at < total; at += 1) {
      await page.keyboard.press('j');
      await page.evaluate(everything);
    }
    assert.equal(await page.evaluate('window.broken'), undefined);
    assert.equal(await count(page, 'script'), 1);
    assert.equal(await count(page, 'style'), 1);
    assert.equal(
      await count(
        page,
        'img, iframe, svg, object, embed, base, a[href], form, math, meta[http-equiv], [onerror], [onload], [onfocus], [style*=url]',
      ),
      0,
    );
    assert.ok((await texts(page, '.exchange .model')).includes('<script>window.broken = 1</script>'));
    assert.deepEqual(faults, []);
    const origin = new URL(address).origin;
    assert.deepEqual(
      requests.filter((one) => !one.startsWith(origin) && !one.startsWith('data:image/svg+xml')),
      [],
    );
  });

  it('is not shown in a frame, and gives no other origin a byte, by any way that a page has', async (t) => {
    const { page: address, lines, port } = await startInspected(t);
    const evil = createServer((_, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<!doctype html><iframe src="${address}"></iframe>`);
    });
    const evilPort = await listen(evil);
    t.after(() => evil.close());
    const { page } = await openPage(t, `http://127.0.0.1:${evilPort}/`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const frame = page.frames().find((one) => one !== page.mainFrame());
    const framed: unknown = await frame?.evaluate('document.documentElement.outerHTML').catch(() => '');
    assert.ok(!String(framed).includes('inspector'));
    for (const url of [address, lines]) {
      for (const mode of ['cors', 'no-cors'] as const) {
        const got = await page.evaluate(
          `fetch(${JSON.stringify(url)}, { mode: '${mode}' }).then((answer) => answer.text(), () => 'refused')`,
        );
        assert.ok(got === '' || got === 'refused', String(got));
      }
    }
    for (const tag of ['script', 'img', 'link']) {
      const loaded = await page.evaluate(`new Promise((resolve) => {
        const one = document.createElement('${tag}');
        one.onload = () => resolve('loaded');
        one.onerror = () => resolve('refused');
        if ('${tag}' === 'link') one.rel = 'stylesheet';
        one['${tag}' === 'link' ? 'href' : 'src'] = ${JSON.stringify(lines)};
        document.head.append(one);
      })`);
      assert.equal(loaded, 'refused', tag);
    }
    // a window that another page opened cannot be reached from there
    const opened = await page.evaluate(
      `(() => { window.other = window.open('http://127.0.0.1:${port}/inspect?token=x'); return true; })()`,
    );
    assert.ok(opened);
  });

  it('sends its address to nobody', async (t) => {
    const { page: address } = await startInspected(t);
    const { page } = await openPage(t, address);
    await holds(page, "document.querySelector('.connection.is-live')");
    const seen: (string | undefined)[] = [];
    const other = createServer(({ headers }, response) => {
      seen.push(headers.referer);
      response.end('<!doctype html>');
    });
    const otherPort = await listen(other);
    t.after(() => other.close());
    await page.evaluate(`location.href = 'http://127.0.0.1:${otherPort}/'`);
    await until(() => seen.length > 0, 'the other page is asked', 5000);
    assert.equal(seen[0], undefined);
  });
});
