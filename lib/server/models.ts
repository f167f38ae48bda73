import { existsSync, readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { budgets } from '../budgets.ts';
import { BoundedMap } from '../bounded-map.ts';
import { ProxyError } from '../error.ts';
import { aliasesOf, parseAlias } from '../models/alias.ts';
import { parseModels, readUpstreamModels } from '../models/file.ts';
import { modelsFor, servedAt, toWireModel } from '../models/filter.ts';
import { builtInModels } from '../models/list.ts';
import type { ListedModel } from '../models/list.ts';
import { traitsOf } from '../models/traits.ts';
import type { Exchange, Models } from './types/exchange.ts';
import { codeOf } from './fault.ts';
import { isOpenAI, type ProxySettings } from './settings.ts';

export interface ModelsDeps {
  warn(text: string): void;
  /** Returns the parsed body of the upstream's `/models`, asked with the client's key; throws if there is none. */
  askUpstream(exchange: Exchange, signal: AbortSignal): Promise<unknown>;
  /** The time in milliseconds. */
  now(): number;
}

type Source = (exchange: Exchange) => Promise<readonly ListedModel[]>;

const defaultFile = './models.json';
/** Milliseconds for which a list of the upstream is kept. */
const cacheTime = 300_000;
/** Milliseconds to wait for the upstream: clients give up on the list after 5 s, and then take the whole provider for broken. */
const upstreamTime = 3500;
/** How many clients' lists are kept. */
const cacheSize = 100;

const builtIn: Source = async () => builtInModels;

/**
 * Returns the models that the proxy lists: from a file, from the upstream, or built in.
 * @throws Error with a message of one line, when the file that `settings.models` names cannot be read.
 */
export function createModels(settings: ProxySettings, deps: ModelsDeps): Models {
  const { all, source } = chooseSource(settings, deps);
  const served = async (exchange: Exchange): Promise<ListedModel[]> => servedAt(deps.now(), await all(exchange));
  return {
    source,
    async list(exchange) {
      const shown = modelsFor(exchange.mode, await served(exchange));
      return (settings.aliases && exchange.mode === 'responses' ? withAliases(shown) : shown).map(toWireModel);
    },
    async find(exchange, id) {
      const models = await served(exchange);
      const byId = (wanted: string): ListedModel | undefined => models.find((model) => model.id === wanted);
      const listed = byId(id) ?? (exchange.mode === 'responses' ? byId(parseAlias(id).model) : undefined);
      return listed && toWireModel(renamed(listed, id));
    },
  };
}

const fromUpstream = "asked of the upstream, with the client's key";

function chooseSource(settings: ProxySettings, deps: ModelsDeps): { all: Source; source: string } {
  if (settings.models === 'upstream') return { all: upstreamSource(deps), source: fromUpstream };
  if (settings.models !== undefined) {
    mustBeReadable(settings.models);
    return { all: fileSource(settings.models, deps, undefined), source: settings.models };
  }
  const openai = isOpenAI(settings.upstream);
  const otherwise = openai ? builtIn : upstreamSource(deps);
  const source = existsSync(defaultFile) ? defaultFile : openai ? 'built-in list' : fromUpstream;
  return { all: fileSource(defaultFile, deps, otherwise), source };
}

function withAliases(models: readonly ListedModel[]): ListedModel[] {
  const ids = new Set(models.map((model) => model.id));
  return models.flatMap((model) => {
    const aliases = aliasesOf(model.id, traitsOf(model.id)).filter((alias) => !ids.has(alias));
    return [model, ...aliases.map((id) => renamed(model, id))];
  });
}

function renamed(model: ListedModel, id: string): ListedModel {
  return { ...model, id };
}

function mustBeReadable(path: string): void {
  try {
    readFileSync(path);
  } catch (error) {
    throw new Error(`cannot read the models file ${path} (${codeOf(error)})`, { cause: error });
  }
}

/**
 * Looks at the file's time stamp each time and reads it if that has changed; an unusable one causes a warning once per version.
 * @param otherwise where the models come from if there is no file; undefined if that is an error.
 */
function fileSource(path: string, deps: ModelsDeps, otherwise: Source | undefined): Source {
  let seen: { version: string; models: Promise<readonly ListedModel[]> } | undefined;

  async function read(): Promise<readonly ListedModel[]> {
    try {
      return parseModels(await readFile(path, 'utf8'));
    } catch (error) {
      const fault = error instanceof ProxyError ? error.message : `cannot be read (${codeOf(error)})`;
      deps.warn(`${path}: ${fault}; the built-in list of models is used instead`);
      return builtInModels;
    }
  }

  return async (exchange) => {
    const version = await stat(path).then(
      (file) => `${file.mtimeMs} ${file.ctimeMs} ${file.size} ${file.ino}`,
      (error: unknown) => codeOf(error),
    );
    if (otherwise && version === 'ENOENT') return otherwise(exchange);
    if (seen?.version !== version) seen = { version, models: read() };
    return seen.models;
  };
}

/** Asks the upstream, each client with its own key; falls back to the client's last good list, then to the built-in one. */
function upstreamSource(deps: ModelsDeps): Source {
  const cache = new BoundedMap<string, { at: number; models: readonly ListedModel[] }>({
    limit: budgets.allModels,
    weigh: ({ models }) => Math.max(models.length, budgets.allModels / cacheSize),
  });
  return async (exchange) => {
    const { credential } = exchange;
    const last = cache.get(credential);
    if (last && deps.now() - last.at < cacheTime) return last.models;
    try {
      const models = readUpstreamModels(await inTime(exchange, deps)).slice(0, budgets.models);
      cache.set(credential, { at: deps.now(), models });
      return models;
    } catch {
      exchange.report.notes.push(`the upstream lists no models, took the ${last ? 'last' : 'built-in'} list`);
      return last?.models ?? builtInModels;
    }
  };
}

async function inTime(exchange: Exchange, deps: ModelsDeps): Promise<unknown> {
  exchange.signal.throwIfAborted();
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error('the upstream took too long')), upstreamTime);
  const signal = AbortSignal.any([late.signal, exchange.signal]);
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  try {
    return await Promise.race([deps.askUpstream(exchange, signal), stopped]);
  } finally {
    clearTimeout(timer);
    // Node keeps a signal that follows others, with all that listens to it, until it is aborted.
    late.abort();
  }
}
