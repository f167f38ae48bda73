import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toResponsesRequest, type TranslatedRequest } from '../../lib/index.ts';

const messages = [{ role: 'user', content: 'Hi' }];

function translate(more: object, model = 'gpt-4.1'): TranslatedRequest {
  return toResponsesRequest({ model, messages, ...more }, { additions: false });
}

test('JSON formats are flat, and strict is always said', () => {
  const schema = { type: 'object' };
  const format = (response_format: object): unknown => translate({ response_format }).request.text?.format;
  assert.deepEqual(format({ type: 'json_object' }), { type: 'json_object' });
  assert.deepEqual(format({ type: 'json_schema', json_schema: { name: 'n', description: 'd', schema, strict: true } }), {
    type: 'json_schema',
    name: 'n',
    description: 'd',
    schema,
    strict: true,
  });
  assert.deepEqual(format({ type: 'json_schema', json_schema: { name: 'n', schema, strict: null } }), {
    type: 'json_schema',
    name: 'n',
    schema,
    strict: false,
  });
  assert.equal(translate({ response_format: { type: 'json_object' } }).context.json, true);
  assert.equal(translate({ text: { format: { type: 'json_object' } } }).context.json, true);
  assert.equal(translate({ response_format: { type: 'text' } }).context.json, false);
});

test('verbosity, a format and a text of Responses are one text', () => {
  const { request } = translate({ verbosity: 'low', response_format: { type: 'json_object' }, text: { verbosity: 'high' } });
  assert.deepEqual(request.text, { verbosity: 'low', format: { type: 'json_object' } });
});
