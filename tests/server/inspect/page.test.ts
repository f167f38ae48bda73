import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { readPage } from '../../../lib/server/inspect/page.ts';

test('the page is one small file whose script and style its policy names by their hashes', () => {
  const { html, policy } = readPage();
  assert.ok(html.length < 60 * 1024, `${html.length} bytes`);
  const text = html.toString();
  const hashOf = (tag: string): string => {
    const found = [...text.matchAll(new RegExp(`<${tag}[^>]*>([^]*?)</${tag}>`, 'g'))];
    assert.equal(found.length, 1, tag);
    return `'sha256-${createHash('sha256')
      .update(found[0]?.[1] ?? '')
      .digest('base64')}'`;
  };
  const directives = new Map(policy.split('; ').map((directive) => directive.split(/ (.*)/) as [string, string]));
  assert.equal(directives.get('default-src'), "'none'");
  assert.equal(directives.get('script-src'), hashOf('script'));
  assert.equal(directives.get('style-src'), hashOf('style'));
  assert.equal(directives.get('connect-src'), "'self'");
  assert.equal(directives.get('frame-ancestors'), "'none'");
  assert.doesNotMatch(policy, /unsafe|\*|https?:/);
});

test('the page loads nothing and has no attribute that would be code or style', () => {
  const text = readPage()
    .html.toString()
    .replaceAll(/<(script|style)>[^]*?<\/\1>/g, '');
  assert.doesNotMatch(text, / on\w+=| style=|<(?:script|link|img|iframe)[^>]* (?:src|href)="(?!data:)/);
});
