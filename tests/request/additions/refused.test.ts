import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  additions,
  noteOnRetry,
  refusedAddition,
  toResponsesRequest,
  type RequestOptions,
  type TranslatedRequest,
} from '../../../lib/index.ts';

const messages = [{ role: 'user', content: 'Hi' }];
const tool = { type: 'function', function: { name: 'f' } };

function translate(model: string, more: object = {}, options: RequestOptions = {}): TranslatedRequest {
  return toResponsesRequest({ model, messages, ...more }, options);
}

const refusalsOf: [name: string, error: { message: string; param?: string }, expected: [name: string, accepted: string[]] | undefined][] = [
  ['a named summary', { message: 'No.', param: 'reasoning.summary' }, ['summary', []]],
  ['a named effort', { message: 'No.', param: 'reasoning.effort' }, ['effort', []]],
  ['named tools', { message: 'No.', param: 'tools' }, ['web_search', []]],
  ["the cache's key", { message: "Unknown parameter: 'prompt_cache_key'." }, ['prompt_cache_key', []]],
  ['all of reasoning: the last addition to it', { message: 'No.', param: 'reasoning' }, ['summary', []]],
  ['a parameter in the words', { message: "Unsupported parameter: 'reasoning.effort' is not supported with this model." }, ['effort', []]],
  ['a parameter of Chat in the words', { message: 'Unrecognized request argument supplied: reasoning_effort' }, ['effort', []]],
  [
    'values that are taken, in the order of the levels',
    { message: "Unsupported value: 'medium' is not supported. Supported values are: 'high', and 'low'.", param: 'reasoning.effort' },
    ['effort', ['low', 'high']],
  ],
  [
    'a list with the refused value in it is no help',
    { message: "Unsupported value: 'medium' is not supported. Supported values are: 'low' and 'medium'.", param: 'reasoning.effort' },
    ['effort', []],
  ],
  [
    'a list of values of something else is no help',
    { message: "Unsupported value: 'medium' is not supported. Supported values are: 'a' and 'b'.", param: 'reasoning.effort' },
    ['effort', []],
  ],
  [
    'a value without its parameter',
    { message: "Unsupported value: 'auto' is not supported with this model. Supported values are: 'detailed'." },
    ['summary', ['detailed']],
  ],
  [
    'a value that is not the proxy’s',
    { message: "Unsupported value: 'flex' is not supported. Supported values are: 'detailed'." },
    undefined,
  ],
  [
    'a value with a list of something else',
    { message: "Unsupported value: 'auto' is not supported. Supported values are: 'x'." },
    undefined,
  ],
  ['a value without a list', { message: "Unsupported value: 'auto' is not supported." }, undefined],
  [
    'a search that the effort does not allow: the later addition',
    { message: "The following tools cannot be used with reasoning.effort 'medium': web_search." },
    ['web_search', []],
  ],
  [
    'an organization without summaries',
    { message: 'Your organization must be verified to generate reasoning summaries.' },
    ['summary', []],
  ],
  ["the client's parameter, whatever the text says", { message: "'web_search'", param: 'temperature' }, undefined],
  [
    "the client's parameter in the words",
    { message: "Unknown parameter: 'stop'. Not with reasoning.effort cannot be used with reasoning.effort" },
    undefined,
  ],
  ["what it quotes of the client's", { message: "Your text was refused: Hosted tool 'web_search' is not supported." }, undefined],
  [
    "a value that it quotes of the client's",
    { message: "Refused: Unsupported value: 'auto' is not supported. Supported values are: 'detailed'." },
    undefined,
  ],
  ["a parameter that it quotes of the client's", { message: "Refused: 'Unknown parameter: 'reasoning.effort''." }, undefined],
  ['nothing in particular', { message: 'No.' }, undefined],
  ['not a word', { message: '' }, undefined],
];

for (const [name, error, expected] of refusalsOf)
  test(`a refusal is about an addition: ${name}`, () => {
    const found = refusedAddition(error, translate('gpt-5'));
    assert.deepEqual(found && [found.addition.name, found.accepted], expected);
  });

test('a refusal is about nothing that was not added', () => {
  const bare = translate('gpt-5', {}, { additions: false });
  for (const [, error] of refusalsOf) assert.equal(refusedAddition(error, bare), undefined, error.message);
  assert.equal(refusedAddition({}, bare), undefined);
});

test("a verbosity of the client's that is spelled like the added effort is its own", () => {
  const error = { message: "Unsupported value: 'medium' is not supported. Supported values are: 'low' and 'high'." };
  assert.equal(refusedAddition(error, translate('gpt-5', { verbosity: 'medium' })), undefined);
  assert.equal(refusedAddition(error, translate('gpt-5', { verbosity: 'low' }))?.addition.name, 'effort');
});

test("an include that the proxy shares with the client is the proxy's if the text says so", () => {
  const shared = translate('gpt-5', { tools: [tool], include: ['file_search_call.results'] }, { turns: new Map() });
  assert.equal(refusedAddition({ message: 'No.', param: 'include' }, shared), undefined);
  assert.equal(
    refusedAddition({ message: 'Encrypted content is not supported with this model.', param: 'include' }, shared)?.addition.name,
    'encrypted_content',
  );
  assert.equal(refusedAddition({ message: 'No.', param: 'include[1]' }, shared)?.addition.name, 'encrypted_content');
});

test('the note on a retry says what is sent now', () => {
  const effort = additions.find(({ name }) => name === 'effort');
  const { request } = translate('gpt-5', {}, { refused: new Map([['effort', ['low', 'high']]]) });
  assert.equal(noteOnRetry({ addition: effort!, accepted: ['low', 'high'] }, request), 'set reasoning.effort to low (refused upstream)');
  assert.equal(noteOnRetry({ addition: effort!, accepted: [] }, request), 'removed reasoning.effort (refused upstream)');
});
