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

test('strict is said of a schema in whatever form it comes', () => {
  const schema = { type: 'object' };
  const lax = { type: 'json_schema', name: 'n', schema, strict: false };
  const forms: [sent: object, format: object][] = [
    [{ response_format: { type: 'json_schema', name: 'n', schema } }, lax],
    [{ response_format: { type: 'json_schema', name: 'n', schema, strict: true } }, { ...lax, strict: true }],
    [{ response_format: { type: 'json_schema', strict: true, json_schema: { name: 'n', schema } } }, { ...lax, strict: true }],
    [{ response_format: { json_schema: { name: 'n', schema } } }, lax],
    [{ text: { format: { type: 'json_schema', name: 'n', schema } } }, lax],
    [{ text: { format: { type: 'json_schema', json_schema: { name: 'n', schema, strict: true } } } }, { ...lax, strict: true }],
  ];
  for (const [sent, format] of forms) assert.deepEqual(translate(sent).request.text, { format }, JSON.stringify(sent));
});

test('a format may be named without an object', () => {
  const of = (response_format: string): unknown => translate({ response_format }).request.text;
  assert.deepEqual(
    [of('json_object'), of('json'), of('text')],
    [{ format: { type: 'json_object' } }, { format: { type: 'json_object' } }, undefined],
  );
});

test('empty strings in text say nothing', () => {
  assert.equal(translate({ text: { verbosity: '', format: '' }, verbosity: '' }).request.text, undefined);
});
