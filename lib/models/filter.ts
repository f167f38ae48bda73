import type { ListedModel, WireModel } from './list.ts';
import { traitsOf } from './traits.ts';

/** Words in the ids of models that are not chat models. */
const notChat =
  /(?:^|[^a-z])(?:embed(?:ding)?s?|moderation|whisper|tts|transcribe|realtime|gpt-live|gpt-image|chatgpt-image|dall-e|sora|davinci|babbage|gpt-3\.5-turbo-instruct)(?![a-z])/;

/**
 * Returns the models that a port lists. In responses mode those that only `/v1/responses` serves and the general ones since gpt-5.4, with which
 * Codex works too; in chat mode the latter and the rest. `mode` of an entry overrides that.
 */
export function modelsFor(mode: 'chat' | 'responses', models: readonly ListedModel[]): ListedModel[] {
  return models.filter((model) => {
    const shown = model.mode ?? modeOf(model.id);
    return shown === mode || shown === 'both';
  });
}

/** Returns the models that have not shut down at a time, in milliseconds since 1970. */
export function servedAt(time: number, models: readonly ListedModel[]): ListedModel[] {
  return models.filter(({ shutdown = Infinity }) => time < shutdown * 1000);
}

/** Returns the model with exactly the keys that OpenAI has. */
export function toWireModel({ id, object, created, owned_by }: ListedModel): WireModel {
  return { id, object, created, owned_by };
}

function modeOf(id: string): ListedModel['mode'] {
  if (notChat.test(id.toLowerCase())) return undefined;
  const traits = traitsOf(id);
  if (traits.responsesOnly) return 'responses';
  // The general models since gpt-5.4 are the ones whose tools need Responses.
  return traits.toolsNeedResponses ? 'both' : 'chat';
}
