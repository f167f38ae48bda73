import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { ProxyError } from '../../error.ts';

/** The page, with what its answer needs. */
export interface Page {
  html: Buffer;
  policy: string;
}

/** Returns the page, which the build makes of `page/`. Its script and its style are all that may run or apply: they are named by their hashes. */
export function readPage(): Page {
  const html = readFileSync(new URL('./page.html', import.meta.url), 'utf8');
  const hashes = (tag: string): string =>
    [...html.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, 'g'))]
      .map(([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
      .join(' ');
  const policy = [
    "default-src 'none'",
    `script-src ${hashes('script')}`,
    `style-src ${hashes('style')}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  return { html: Buffer.from(html), policy };
}

const headers = {
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Writes the head of an answer that no other origin can use, show or find out about. */
export function writeSafeHead(response: ServerResponse, page: Page, status: number, type: string, more: Record<string, string> = {}): void {
  response.writeHead(status, { ...headers, 'content-security-policy': page.policy, 'content-type': type, ...more });
}

export function sendPage(response: ServerResponse, page: Page): void {
  writeSafeHead(response, page, 200, 'text/html; charset=utf-8', { 'content-length': String(page.html.length) });
  response.end(page.html);
}

export function sendRefusal(response: ServerResponse, page: Page, error: ProxyError): void {
  const body = JSON.stringify(error.body());
  writeSafeHead(response, page, error.status, 'application/json; charset=utf-8', {
    'content-length': String(Buffer.byteLength(body)),
    ...error.headers,
  });
  response.end(body);
}
