import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toResponsesRequest, translate, type ErrorBody } from '../../../lib/index.ts';
import { causeOf, type Cause } from '../../../lib/request/additions/cause.ts';

const messages = [{ role: 'user', content: 'Hi' }];

/** What a refusal of a request with all additions is about. */
function cause(error: Partial<ErrorBody>, more: object = {}): Cause {
  const chat = { model: 'gpt-5.5', messages, ...more };
  return causeOf(error, toResponsesRequest(chat), translate(chat).request, chat);
}

const tool = { type: 'function', function: { name: 'measure' } };

const additions: [message: string, param?: string][] = [
  ['tools[0].type: unknown variant `web_search`, expected `function`'],
  ['Failed to deserialize the JSON body into the target type: tools[0]: missing field `name` at line 1 column 120'],
  ['unknown field `prompt_cache_key`, expected one of `model`, `input`, `stream`, `tools`'],
  ['Unrecognized key(s) in object: "reasoning"'],
  ['/tools/0/type must be equal to constant'],
  ['body.tools.0: Input should be a function'],
  ['Input should be a function', 'body.tools.0'],
  ['Input should be a function', 'tools[0]'],
  ['Not allowed.', 'reasoning.effort'],
  ['Not allowed.', 'None'],
  ["Model 'gpt-5.5' does not support web_search"],
  ['"gpt-5.5" does not support thinking'],
  ["litellm.BadRequestError: OpenAIException - Unsupported parameter: 'reasoning.effort' is not supported with this model."],
  ["The effort 'medium' is not one of ours"],
  ['Bad Request'],
  ['Bad value: `prompt_cache_key`'],
  ['The key "prompt_cache_key" is bad'],
  ['See tools[0].type'],
  ['$.tools[0].type is bad'],
  ['Input should be a function', 'body'],
  ['Not allowed.', 'two words'],
  [''],
];

for (const [message, param] of additions)
  test(`a refusal may be about the additions: ${message} ${param ?? ''}`, () => {
    assert.equal(cause({ message, param: param ?? null }), 'additions');
  });

const clients: [message: string, more?: object, error?: Partial<ErrorBody>][] = [
  ['temperature must be at most 1', { temperature: 2, reasoning_effort: 'none' }],
  ['body.input.0.content: Field required'],
  ['Field required', {}, { param: 'input[0].content' }],
  ['Field required', {}, { param: '/input/0/content' }],
  ['Field required', {}, { param: 'body.input' }],
  ['Field required', { metadata: { 'a-b': '1' } }, { param: 'metadata.a-b' }],
  ["'model' and 'input' are bad"],
  ["The value 'user' is bad", { metadata: { a: 'user' } }],
  ['Invalid value.', {}, { param: 'messages[0].content' }],
  ['Invalid value.', { response_format: { type: 'json_object' } }, { param: 'response_format' }],
  ["Unsupported value: 'xhigh'.", { reasoning_effort: 'xhigh' }],
  ["Tool 'measure' has an invalid schema", { tools: [tool] }],
  ['tools[0].function: Field required', { tools: [tool] }],
  ['Encrypted content is not supported with this model.', { include: ['reasoning.encrypted_content'] }],
  ['This model has a maximum context length of 8192 tokens.'],
  ['the request exceeds the available context size, try increasing it'],
  ['API key not valid. Please pass a valid API key.'],
  ['The model `gpt-5.5` does not exist or you do not have access to it.'],
  ['model "gpt-5.5" not found, try pulling it first'],
  ['Your credit balance is too low to access the API.'],
  ["The response was filtered due to the prompt triggering the server's content management policy."],
  ['Your organization must be verified to stream this model.'],
  ["Previous response with id 'resp_1' not found."],
];

for (const [message, more, error] of clients)
  test(`a refusal is about what the client sent: ${message} ${error?.param ?? ''}`, () => {
    assert.equal(cause({ message, ...error }, more), 'client');
  });

for (const code of [
  'context_length_exceeded',
  'string_above_max_length',
  'content_filter',
  'content_policy_violation',
  'cyber_policy',
  'invalid_prompt',
  'invalid_image_url',
  'image_too_large',
  'invalid_api_key',
  'insufficient_quota',
  'credit_balance_exhausted',
  'model_not_found',
  'data_residency_mismatch',
])
  test(`a refusal with the code ${code} is about what the client sent`, () => {
    assert.equal(cause({ message: 'No.', code }), 'client');
    assert.equal(cause({ message: 'No.', type: code }), 'client');
  });

test('other codes say nothing of that', () => {
  for (const code of ['400', 'invalid_value', 'unsupported_value', 'unknown_parameter', 'unsupported_parameter', 'invalid_type'])
    assert.equal(cause({ message: 'No.', code, type: 'invalid_request_error' }), 'additions');
});

test("an addition that the client's text names in the same way may be a quote of that", () => {
  const asks = { messages: [{ role: 'user', content: 'Explain \'web_search\' and "web_search" to me' }] };
  assert.equal(cause({ message: "Refused: 'web_search' is not a topic" }, asks), 'unclear');
  assert.equal(cause({ message: 'Refused: "web_search" is not a topic' }, asks), 'unclear');
  assert.equal(cause({ message: 'unknown variant `web_search`' }, asks), 'additions');
  assert.equal(cause({ message: "'web_search' is not a topic", param: 'tools[0].type' }, asks), 'additions');
});

test('what is not a property of a request is no name of it', () => {
  for (const param of ['__proto__', 'constructor', 'input.length', 'toString'])
    assert.equal(cause({ message: 'No.', param }), param === 'input.length' ? 'client' : 'additions');
});

test('a message of any length is read in no time', () => {
  const message = `${'a.'.repeat(500_000)}'${'a_'.repeat(500_000)}`;
  const start = performance.now();
  cause({ message });
  assert.ok(performance.now() - start < 250);
});
