import { arrayOf, isObject, objectOf, stringOf, type JsonObject } from '../../../json.ts';
import { fields, isNeutral } from '../../../request/fields.ts';
import { below, isSame, readable } from './pointer.ts';

/** What became of a value: `mapped` stands elsewhere, `served` is done by the proxy itself, `restored` was kept from an earlier turn. */
export type MarkKind = 'added' | 'changed' | 'dropped' | 'mapped' | 'restored' | 'served';

export interface Mark {
  kind: MarkKind;
  /** Why, or where to, in a few words. */
  why: string;
}

/** Marks by the JSON Pointers of the values. */
export type Marks = Map<string, Mark>;

/** A small label of the list. */
export interface Label {
  kind: MarkKind;
  text: string;
}

export interface Comparison {
  asked: Marks;
  sent: Marks;
  labels: Label[];
}

/** What the proxy adds, by where it stands: its name in a label, and why it is there. */
const additions = new Map([
  ['/reasoning/effort', { label: 'effort', why: 'default effort' }],
  ['/reasoning/summary', { label: 'summary', why: 'default summary' }],
  ['/store', { label: '', why: "Chat's default: not stored" }],
  ['/prompt_cache_key', { label: '', why: 'finds the prompt cache' }],
  ['web_search', { label: 'web_search', why: 'default tool' }],
  ['reasoning.encrypted_content', { label: 'memory', why: 'keeps the reasoning of earlier turns' }],
]);

/** What of a model's name sets what. */
const aliasPart = new Map([
  ['reasoning.effort', ':res-'],
  ['reasoning.summary', ':sum-'],
  ['reasoning.mode', ':mode-'],
]);

/** Fields that never go out because the proxy itself does what they ask for. */
const servedHere = new Set(['stream_options', 'background']);

/** Compares what a client asked with what the upstream was sent, of one API or of both. */
export function compareRequests(asked: JsonObject, sent: JsonObject): Comparison {
  const comparison: Comparison = { asked: new Map(), sent: new Map(), labels: [] };
  // forwarded: what is the same needs no mark, and all else was done on purpose
  const isTranslated = 'messages' in asked && 'input' in sent;
  if (isTranslated) {
    markAsked(asked, sent, comparison);
    markSent(asked, sent, comparison);
  } else {
    for (const { pointer, kind } of differences(asked, sent)) {
      const mark = { kind, why: '' };
      if (kind !== 'added') comparison.asked.set(pointer, mark);
      if (kind !== 'dropped') comparison.sent.set(pointer, mark);
      comparison.labels.push({ kind, text: readable(pointer) });
    }
  }
  return comparison;
}

function markAsked(asked: JsonObject, sent: JsonObject, { asked: marks, labels }: Comparison): void {
  const mark = (name: string, kind: MarkKind, why: string): void => {
    marks.set(below('', name), { kind, why });
    if (kind === 'dropped') labels.push({ kind, text: name });
  };
  for (const [name, value] of Object.entries(asked)) {
    const field = fields.get(name);
    if (isNeutral(name, value)) continue;
    if (field?.handling === 'emulated' || servedHere.has(name)) {
      mark(name, 'served', 'done by the proxy');
      continue;
    }
    const target = field?.path ?? name;
    const found = valueAt(sent, target);
    if (!field) mark(name, 'dropped', 'not known');
    else if (found === undefined) mark(name, 'dropped', field.handling === 'dropped' ? 'Responses does not have it' : 'not sent');
    else if (target !== name) mark(name, 'mapped', target);
  }
  for (const [at, message] of arrayOf(asked['messages']).entries()) {
    if (typeof objectOf(message)['name'] === 'string' && objectOf(message)['role'] !== 'tool') {
      marks.set(below(below('/messages', at), 'name'), { kind: 'dropped', why: 'Responses does not have it' });
    }
  }
}

function markSent(asked: JsonObject, sent: JsonObject, comparison: Comparison): void {
  const { sent: marks, labels } = comparison;
  const add = (pointer: string, known = additions.get(pointer)): void => {
    marks.set(pointer, { kind: 'added', why: known?.why ?? '' });
    const text = known?.label ?? readable(pointer);
    if (text !== '') labels.push({ kind: 'added', text });
  };
  const sources = new Map<string, string>();
  for (const [name, value] of Object.entries(asked)) {
    const path = fields.get(name)?.path;
    if (value != null && path !== undefined) sources.set(path, name);
  }
  const alias = stringOf(asked['model']).slice(stringOf(sent['model']).length);

  /** Marks one value that stands at a path in the request that was sent. */
  const value = (path: string, found: unknown): void => {
    const pointer = `/${path.replace('.', '/')}`;
    const source = sources.get(path);
    const own = valueAt(asked, path);
    if (own !== undefined && own !== null) {
      if (path === 'model' && own !== found) marks.set(pointer, { kind: 'changed', why: `without ${alias}` });
      else if (path !== 'tools' && typeof found !== 'object' && own !== found)
        marks.set(pointer, { kind: 'changed', why: `was ${String(own)}` });
    } else if (source !== undefined) {
      const before = asked[source];
      const isChanged = typeof before === 'number' && before !== found;
      marks.set(pointer, isChanged ? { kind: 'changed', why: `was ${before}` } : { kind: 'mapped', why: `from ${source}` });
      if (isChanged) labels.push({ kind: 'changed', text: source });
    } else if (aliasPart.has(path) && alias.includes(aliasPart.get(path) as string)) {
      marks.set(pointer, { kind: 'mapped', why: `from ${alias}` });
    } else add(pointer);
  };

  for (const [name, found] of Object.entries(sent)) {
    if (name === 'tools') markTools(asked, arrayOf(found), comparison, add);
    else if (name === 'input') markInput(arrayOf(found), comparison, sources.get('input'));
    else if (name === 'include') {
      for (const [at, one] of arrayOf(found).entries()) {
        if (arrayOf(asked['include']).includes(one)) continue;
        const pointer = below('/include', at);
        const known = additions.get(String(one));
        if (known) add(pointer, known);
        else marks.set(pointer, { kind: 'mapped', why: sources.has('include') ? `from ${sources.get('include')}` : '' });
      }
    } else if ((name === 'reasoning' || name === 'text') && isObject(found)) {
      for (const [key, one] of Object.entries(found)) value(`${name}.${key}`, one);
    } else value(name, found);
  }
}

function markTools(
  asked: JsonObject,
  tools: readonly unknown[],
  { sent: marks }: Comparison,
  add: (pointer: string, known?: { label: string; why: string }) => void,
): void {
  const offered = [...arrayOf(asked['tools']), ...arrayOf(asked['functions'])].map(objectOf);
  for (const [at, one] of tools.entries()) {
    const tool = objectOf(one);
    const pointer = below('/tools', at);
    const source = offered.find((each) => {
      const inner = objectOf(each['function'] ?? each['custom'] ?? each);
      return tool['name'] === undefined ? each['type'] === tool['type'] : inner['name'] === tool['name'];
    });
    if (!source) {
      if (asked['web_search_options'] == null) add(pointer, additions.get(String(tool['type'])));
      else marks.set(pointer, { kind: 'mapped', why: 'from web_search_options' });
    } else if ('strict' in tool && !('strict' in objectOf(source['function'] ?? source))) {
      marks.set(below(pointer, 'strict'), { kind: 'added', why: "Chat's default" });
    }
  }
}

/** Items that a chat client cannot have sent. */
function markInput(input: readonly unknown[], { sent: marks, labels }: Comparison, source: string | undefined): void {
  if (source !== undefined) marks.set('/input', { kind: 'mapped', why: `from ${source}` });
  let count = 0;
  for (const [at, one] of input.entries()) {
    const item = objectOf(one);
    const type = stringOf(item['type']);
    const isKept =
      type === 'reasoning' || 'phase' in item || 'namespace' in item || /^(?!function_|custom_tool_).+_call(?:_output)?$/.test(type);
    if (!isKept) continue;
    marks.set(below('/input', at), { kind: 'restored', why: 'kept from an earlier turn' });
    count += 1;
  }
  if (count > 0) labels.push({ kind: 'restored', text: `${count} restored` });
}

function valueAt(object: JsonObject, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), object);
}

export interface Difference {
  pointer: string;
  kind: 'added' | 'changed' | 'dropped';
}

/** Returns where two JSON objects differ, each as deep as it can be named. */
export function differences(before: JsonObject, after: JsonObject, pointer = ''): Difference[] {
  const found: Difference[] = [];
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const at = below(pointer, key);
    const [one, other] = [before[key], after[key]];
    if (isSame(one, other)) continue;
    if (one === undefined) found.push({ pointer: at, kind: 'added' });
    else if (other === undefined) found.push({ pointer: at, kind: 'dropped' });
    else if (isObject(one) && isObject(other)) found.push(...differences(one, other, at));
    else if (Array.isArray(one) && Array.isArray(other) && one.length !== other.length) found.push(...elements(one, other, at));
    else found.push({ pointer: at, kind: 'changed' });
  }
  return found;
}

/** Of lists of different lengths the elements that only one has. Those of long lists are not compared one by one, which would take too long. */
function elements(before: readonly unknown[], after: readonly unknown[], pointer: string): Difference[] {
  if (before.length * after.length > 10_000) return [{ pointer, kind: 'changed' }];
  const only = (list: readonly unknown[], other: readonly unknown[], kind: 'added' | 'dropped'): Difference[] =>
    [...list.entries()].flatMap(([at, one]) => (other.some((each) => isSame(one, each)) ? [] : [{ pointer: below(pointer, at), kind }]));
  return [...only(before, after, 'dropped'), ...only(after, before, 'added')];
}
