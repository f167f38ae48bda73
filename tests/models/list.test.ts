import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aliasesOf } from '../../lib/models/alias.ts';
import { modelsFor, servedAt } from '../../lib/models/filter.ts';
import { builtInModels } from '../../lib/models/list.ts';
import { traitsOf } from '../../lib/models/traits.ts';

const shown = (mode: 'chat' | 'responses'): string[] => modelsFor(mode, builtInModels).map((model) => model.id);

describe('the built-in list', () => {
  it('has the chat models of OpenAI, the latest first', () => {
    assert.deepEqual(
      builtInModels.map(({ id }) => id),
      [
        ['gpt-6.1-terra', 'gpt-6.1-sol', 'gpt-6-sol', 'gpt-6-luna', 'gpt-6-astra', 'gpt-5.6-sol', 'gpt-5.6-terra', 'gpt-5.6-luna'],
        ['chat-latest', 'gpt-5.5', 'gpt-5.5-pro', 'gpt-5.4-mini', 'gpt-5.4-nano', 'gpt-5.4', 'gpt-5.4-pro', 'gpt-audio-1.5'],
        ['gpt-5.3-codex', 'gpt-5.2', 'gpt-5.2-pro', 'gpt-5.1', 'gpt-5-search-api', 'gpt-5-pro', 'gpt-5', 'gpt-5-mini', 'gpt-5-nano'],
        ['o3-pro', 'o3', 'gpt-4.1', 'gpt-4.1-mini', 'gpt-4o-mini', 'gpt-4o'],
      ].flat(),
    );
    assert.deepEqual(builtInModels.at(-1), {
      id: 'gpt-4o',
      object: 'model',
      created: 1715558400,
      owned_by: 'openai',
      shutdown: 1799884800,
    });
    assert.deepEqual(
      builtInModels.map(({ created }) => created),
      builtInModels.map(({ created }) => created).toSorted((one, other) => other - one),
    );
  });

  it('has each id once, with whole seconds that are in the past', () => {
    assert.equal(new Set(builtInModels.map((model) => model.id)).size, builtInModels.length);
    for (const { created, id } of builtInModels) {
      assert.ok(Number.isInteger(created), id);
      assert.ok(created > 1_600_000_000 && created < 1_800_000_000, id);
    }
  });

  it('shows every model on at least one port, and something on both', () => {
    const chat = shown('chat');
    const responses = shown('responses');
    assert.equal(new Set([...chat, ...responses]).size, builtInModels.length);
    assert.deepEqual(
      chat.filter((id) => /codex|-pro$/.test(id)),
      [],
    );
    for (const id of ['gpt-4.1', 'gpt-5', 'gpt-5.5', 'gpt-6-luna']) assert.ok(chat.includes(id), id);
    for (const id of ['gpt-5.3-codex', 'o3-pro', 'gpt-5.5', 'gpt-6-luna']) assert.ok(responses.includes(id), id);
  });

  // LobeChat hides what holds one of these words, in whatever place.
  it('has no name, alias included, that clients take for another kind of model', () => {
    const ids = builtInModels.flatMap(({ id }) => [id].concat(aliasesOf(id, traitsOf(id))));
    assert.deepEqual(
      ids.filter((id) => /embedding|davinci|curie|moderation|ada|babbage|tts|whisper|dall-e/.test(id)),
      [],
    );
  });
});

describe('a model that shuts down', () => {
  /** When OpenAI has announced to shut them down. */
  const days: readonly (readonly [day: string, ids: readonly string[]])[] = [
    ['2026-12-11', ['gpt-5-pro', 'gpt-5', 'gpt-5-mini', 'gpt-5-nano', 'o3-pro', 'o3']],
    ['2027-01-14', ['gpt-4.1', 'gpt-4.1-mini', 'gpt-4o-mini', 'gpt-4o']],
    ['2027-04-01', ['gpt-5.4-nano', 'gpt-5.1']],
  ];
  const idsAt = (time: number): string[] => servedAt(time, builtInModels).map((model) => model.id);

  for (const [day, ids] of days) {
    it(`on ${day} is listed up to that day: ${ids.join(', ')}`, () => {
      const before = idsAt(Date.parse(day) - 1);
      const then = idsAt(Date.parse(day));
      assert.deepEqual(
        before.filter((id) => !then.includes(id)),
        ids,
      );
    });
  }

  it('is one of these: the others stay', () => {
    assert.equal(idsAt(0).length, builtInModels.length);
    assert.equal(idsAt(Date.parse('2100-01-01')).length, builtInModels.length - 12);
  });
});
