import { budgets } from '../budgets.ts';
import { proxyError } from '../errors.ts';
import { isObject, objectOf, stringOf } from '../json.ts';
import type { ListedModel } from './list.ts';

/** 2025-01-01, for models that come without a date: the key is required, and clients sort by it. */
const undated = 1735689600;

const modes = new Set<unknown>(['chat', 'responses', 'both']);

/**
 * Reads a `models.json`: OpenAI's list object, or an array, of ids or of objects with `id` and, if need be, `mode`.
 * The first of several entries with the same id counts.
 *
 * @param text The file's content.
 * @throws ProxyError whose message names the fault and quotes nothing.
 */
export function parseModels(text: string): ListedModel[] {
  const models: ListedModel[] = [];
  for (const [at, entry] of entriesOf(parseJson(text)).entries()) {
    const model = toModel(entry);
    if (!model) throw proxyError('modelWithoutId', { at });
    const mode = isObject(entry) ? entry['mode'] : undefined;
    if (mode !== undefined) {
      if (!modes.has(mode)) throw proxyError('modelModeInvalid', { at });
      model.mode = mode as NonNullable<ListedModel['mode']>;
    }
    models.push(model);
  }
  return withoutRepeats(models);
}

/**
 * Reads the answer of an upstream's `/models`, which nobody here can correct: entries without an id are left out, and `mode` is not read, but
 * the day on which a model shuts down is.
 * @throws ProxyError if it is not a list at all.
 */
export function readUpstreamModels(body: unknown): ListedModel[] {
  return withoutRepeats(
    entriesOf(body).flatMap((entry) => {
      const model = toModel(entry);
      return model && model.id.length <= budgets.nameLength ? { ...model, ...shutdownOf(entry) } : [];
    }),
  );
}

/** `shutdown_date` is a day, `2027-01-14`, or null. */
function shutdownOf(entry: unknown): Pick<ListedModel, 'shutdown'> {
  const day = /^\d{4}-\d\d-\d\d/.exec(stringOf(objectOf(entry)['shutdown_date']))?.[0] ?? '';
  const shutdown = Date.parse(day) / 1000;
  return Number.isNaN(shutdown) ? {} : { shutdown };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw proxyError('modelsNotJson');
  }
}

function entriesOf(list: unknown): readonly unknown[] {
  const entries = isObject(list) ? list['data'] : list;
  if (!Array.isArray(entries)) throw proxyError('modelsNotList');
  return entries;
}

function toModel(entry: unknown): ListedModel | undefined {
  const { id, created, owned_by: owner } = isObject(entry) ? entry : { id: entry };
  if (typeof id !== 'string' || id === '') return undefined;
  return {
    id,
    object: 'model',
    created: Number.isFinite(created) ? Math.floor(created as number) : undated,
    owned_by: typeof owner === 'string' ? owner : 'openai',
  };
}

function withoutRepeats(models: readonly ListedModel[]): ListedModel[] {
  const byId = new Map<string, ListedModel>();
  for (const model of models) if (!byId.has(model.id)) byId.set(model.id, model);
  return [...byId.values()];
}
