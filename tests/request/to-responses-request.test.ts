import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toResponsesRequest, translate as toTranslation, type RequestOptions, type TranslatedRequest } from '../../lib/index.ts';

const messages = [{ role: 'user', content: 'Hi' }];
const tool = { type: 'function', function: { name: 'f' } };

function translate(model: string, more: object = {}, options: RequestOptions = {}): TranslatedRequest {
  return toResponsesRequest({ model, messages, ...more }, options);
}

test('without additions the request is the translation, with them the translation and what was added', () => {
  const chat = { model: 'gpt-5', messages, seed: 1 };
  const { request, notes } = toTranslation(chat);
  const bare = toResponsesRequest(chat, { additions: false });
  assert.deepEqual([bare.request, bare.notes, [...bare.added]], [request, notes, []]);
  const extended = toResponsesRequest(chat, { additions: { effort: 'high', summary: 'off', webSearch: false } });
  assert.deepEqual(extended.request, {
    ...request,
    reasoning: { effort: 'high' },
    prompt_cache_key: extended.request['prompt_cache_key'],
  });
  assert.deepEqual([...extended.added], ['prompt_cache_key', 'effort']);
});

test('the notes of the translation stand before those of the additions', () => {
  assert.deepEqual(translate('gpt-5', { max_tokens: 100, seed: 1 }).notes, [
    'dropped seed',
    'small token limit: effort minimal',
    'small token limit: no web search',
  ]);
});

test('what was refused before is not added again', () => {
  const { request, added } = translate(
    'gpt-5',
    {},
    {
      refused: new Map([
        ['summary', []],
        ['effort', ['low']],
      ]),
    },
  );
  assert.deepEqual([request.reasoning, added.has('summary')], [{ effort: 'low' }, false]);
});

test('encrypted reasoning is asked for whenever turns are kept, with tools or without', () => {
  const encrypted = ['reasoning.encrypted_content'];
  const turns = new Map();
  assert.deepEqual(translate('gpt-5', {}, { turns }).request.include, encrypted);
  assert.deepEqual(translate('gpt-5', { tools: [tool] }, { turns }).request.include, encrypted);
  assert.ok(translate('gpt-5', { tools: [tool] }, { turns }).added.has('encrypted_content'));
  assert.equal(translate('gpt-5', { tools: [tool] }).request.include, undefined);
  assert.equal(translate('gpt-5', { tools: [tool], store: true }, { turns }).request.include, undefined);
  assert.equal(translate('gpt-4.1', { tools: [tool] }, { turns }).request.include, undefined);
  const own = translate('gpt-5', { tools: [tool], include: encrypted }, { turns });
  assert.deepEqual(own.request.include, encrypted);
  assert.ok(!own.added.has('encrypted_content'), "the client's own wish is none of the proxy's");
});
