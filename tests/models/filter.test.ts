import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { modelsFor, toWireModel } from '../../lib/models/filter.ts';
import type { ListedModel } from '../../lib/models/list.ts';

const listed = (id: string, mode?: ListedModel['mode']): ListedModel => ({
  id,
  object: 'model',
  created: 1,
  owned_by: 'openai',
  ...(mode && { mode }),
});
const shown = (mode: 'chat' | 'responses', models: readonly ListedModel[]): string[] => modelsFor(mode, models).map((model) => model.id);

describe('a port', () => {
  const table: readonly (readonly [id: string, chat: boolean, responses: boolean])[] = [
    ['gpt-4.1', true, false],
    ['gpt-4o', true, false],
    ['gpt-5', true, false],
    ['gpt-5.2', true, false],
    ['o3', true, false],
    ['gpt-4o-search-preview', true, false],
    ['gpt-audio-1.5', true, false],
    ['gpt-5.3-chat-latest', true, false],
    ['chat-latest', true, false],
    ['gpt-oss-120b', true, false],
    ['google/gemini-2.5-pro', true, false],
    ['ft:gpt-4o:org::id', true, false],
    ['gpt-5.4', true, true],
    ['gpt-5.4-mini-2026-03-17', true, true],
    ['gpt-5.6-terra', true, true],
    ['openai/gpt-6-luna', true, true],
    ['gpt-5-codex', false, true],
    ['codex-mini-latest', false, true],
    ['gpt-7.2-codex', false, true],
    ['gpt-5.5-pro', false, true],
    ['o3-pro-2025-06-10', false, true],
    ['o3-deep-research', false, true],
    ['computer-use-preview', false, true],
    ['text-embedding-3-small', false, false],
    ['text-embedding-ada-002', false, false],
    ['nomic-embed-text', false, false],
    ['whisper-1', false, false],
    ['tts-1-hd', false, false],
    ['gpt-4o-mini-tts', false, false],
    ['gpt-4o-transcribe', false, false],
    ['gpt-4o-realtime-preview', false, false],
    ['gpt-realtime-2.1', false, false],
    ['gpt-live-1', false, false],
    ['dall-e-3', false, false],
    ['gpt-image-1', false, false],
    ['chatgpt-image-latest', false, false],
    ['sora-2-pro', false, false],
    ['omni-moderation-latest', false, false],
    ['davinci-002', false, false],
    ['gpt-3.5-turbo-instruct', false, false],
    ['meta-llama/Llama-3.3-70B-Instruct', true, false],
  ];
  for (const [id, chat, responses] of table) {
    it(`shows ${id} ${[chat && 'in chat mode', responses && 'in responses mode'].filter(Boolean).join(' and ') || 'nowhere'}`, () => {
      assert.deepEqual(shown('chat', [listed(id)]), chat ? [id] : []);
      assert.deepEqual(shown('responses', [listed(id)]), responses ? [id] : []);
    });
  }

  it('follows the mode of an entry, whatever its name says', () => {
    const models = [listed('gpt-5-codex', 'chat'), listed('gpt-4.1', 'responses'), listed('my-whisper', 'both')];
    assert.deepEqual(shown('chat', models), ['gpt-5-codex', 'my-whisper']);
    assert.deepEqual(shown('responses', models), ['gpt-4.1', 'my-whisper']);
  });

  it('has exactly four keys', () => {
    assert.deepEqual(toWireModel({ ...listed('x', 'both'), shutdown: 5 }), { id: 'x', object: 'model', created: 1, owned_by: 'openai' });
  });
});
