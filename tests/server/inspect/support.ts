import { setTimeout as delay } from 'node:timers/promises';
import { startProxy, type Context, type Started } from '../support.ts';
import type { ProxyOptions } from '../../../lib/server/index.ts';
import { demoFetch } from '../../../lib/server/demo/demo.ts';

export interface Inspected extends Started {
  token: string;
  /** The address of the page. */
  page: string;
  /** The address of its lines. */
  lines: string;
}

/** A proxy with an inspector, in front of the demo if no upstream is given. */
export async function startInspected(t: Context, options: ProxyOptions = {}): Promise<Inspected> {
  const started = await startProxy(t, { inspect: true, mode: 'responses', ...(options.upstream ? {} : { fetch: demoFetch }), ...options });
  const path = started.proxy.inspectPath ?? '';
  const token = new URLSearchParams(path.split('?')[1]).get('token') ?? '';
  return { ...started, token, page: started.url + path, lines: `${started.url}/inspect/log?token=${token}` };
}

export type PageLine = Record<string, unknown>;

/** Reads lines of the page's feed until one fits. */
export async function readLines(url: string, last: (line: PageLine) => boolean, ms = 5000): Promise<PageLine[]> {
  const found: PageLine[] = [];
  const controller = new AbortController();
  const limit = delay(ms, undefined, { signal: controller.signal }).then(
    () => controller.abort(),
    () => {},
  );
  try {
    const { body } = await fetch(url, { signal: controller.signal });
    let rest = '';
    for await (const text of body!.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === '') continue;
        const parsed = JSON.parse(line) as PageLine;
        found.push(parsed);
        if (last(parsed)) return found;
      }
    }
    return found;
  } finally {
    controller.abort();
    await limit;
  }
}

export const isComplete = (line: PageLine): boolean => line['inspector'] === 'complete';

/** Sends a chat completion, and reads its answer. */
export async function chat(url: string, body: object = {}, headers: Record<string, string> = {}): Promise<string> {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'gpt-5.5', messages: [{ role: 'user', content: 'Hello' }], ...body }),
  });
  return answer.text();
}
