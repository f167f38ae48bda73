import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traitsOf } from '../../lib/models/traits.ts';
import { logprobs, refusedSampling, withoutRefusedSampling } from '../../lib/request/sampling.ts';
import { toResponsesRequest, type TranslatedRequest } from '../../lib/index.ts';

const messages = [{ role: 'user', content: 'Hi' }];

function translate(more: object, model = 'gpt-4.1'): TranslatedRequest {
  return toResponsesRequest({ model, messages, ...more }, { additions: false });
}

test('sampling is dropped, with a note, while the model reasons, and only then', () => {
  const asked = { temperature: 0.5, top_p: 0.9, logprobs: true, top_logprobs: 2 };
  const reasons = translate(asked, 'gpt-5');
  assert.deepEqual(reasons.request, { model: 'gpt-5', input: messages, store: false });
  assert.deepEqual(reasons.notes, ['dropped temperature', 'dropped top_p', 'dropped top_logprobs', 'dropped logprobs']);
  assert.deepEqual(translate({ temperature: 1, top_p: 1 }, 'gpt-5').notes, [], 'the default values need no note');
  for (const model of ['gpt-4.1', 'gpt-5.1', 'gpt-5.4', 'unheard-of']) {
    const { request, notes } = translate(asked, model);
    assert.deepEqual(
      [request['temperature'], request['top_p'], request.include, request['top_logprobs']],
      [0.5, 0.9, ['message.output_text.logprobs'], 2],
      model,
    );
    assert.deepEqual(notes, []);
  }
  assert.equal(translate({ ...asked, reasoning_effort: 'low' }, 'gpt-5.4').request['temperature'], undefined);
  assert.equal(translate({ ...asked, reasoning_effort: 'none' }, 'gpt-5.6').request['temperature'], 0.5);
});

test('of a model that is not known the parameters that the upstream has refused are dropped, and no others', () => {
  const request = { model: 'llama-4', input: 'Hi', store: false, temperature: 0.5, top_p: 1 };
  const without = (...refused: string[]): unknown => withoutRefusedSampling(request, traitsOf('llama-4'), false, new Set(refused));
  assert.deepEqual(without('temperature'), {
    request: { model: 'llama-4', input: 'Hi', store: false, top_p: 1 },
    notes: ['dropped temperature'],
  });
  assert.deepEqual(without('top_p', 'temperature'), {
    request: { model: 'llama-4', input: 'Hi', store: false },
    notes: ['dropped temperature', 'dropped top_p'],
  });
  const kept = withoutRefusedSampling(request, traitsOf('llama-4'), false, new Set(['model', 'top_logprobs']));
  assert.equal(kept.request, request);
  assert.deepEqual(kept.notes, []);
});

test('log probabilities that were asked for leave the other includes', () => {
  const request = { model: 'gpt-5', input: 'Hi', store: false, include: [logprobs, 'a', 'b'] };
  const included = (asks: boolean, include: string[] = request.include): unknown =>
    withoutRefusedSampling({ ...request, include }, traitsOf('gpt-5'), asks, new Set()).request.include;
  assert.deepEqual(included(true), ['a', 'b']);
  assert.deepEqual(included(false), [logprobs, 'a', 'b']);
  assert.equal(included(true, [logprobs]), undefined);
  const { include: _, ...bare } = request;
  assert.deepEqual(withoutRefusedSampling(bare, traitsOf('gpt-5'), true, new Set()), { request: bare, notes: ['dropped logprobs'] });
});

test('a refusal of sampling is known by its words, for a model that is not known', () => {
  const words = (name: string): string => `Unsupported parameter: '${name}' is not supported with this model.`;
  const refused = (message: string | undefined, model = 'llama-4', more: object = { temperature: 1, top_p: 1 }): unknown =>
    refusedSampling(message === undefined ? {} : { message }, { model, input: 'Hi', store: false, ...more }, traitsOf(model));
  assert.equal(refused(words('temperature')), 'temperature');
  assert.equal(refused(words('top_p')), 'top_p');
  assert.equal(refused(words('top_k')), undefined);
  assert.equal(refused(`Sorry. ${words('top_p')}`), undefined);
  assert.equal(refused(words('top_p'), 'llama-4', { temperature: 1 }), undefined);
  assert.equal(refused(words('top_p'), 'gpt-5'), undefined);
  assert.equal(refused(undefined), undefined);
  assert.equal(refused('No.'), undefined);
});
