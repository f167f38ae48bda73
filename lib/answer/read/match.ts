import type { OutputItem } from '../../wire/responses.ts';
import { textOfItem } from '../item-text.ts';
import { callIdOf, type Entry } from './entry.ts';

/**
 * Finds which of the items that have come each item of the last event is: by id, by `call_id`, by text, by place, and else by kind
 * and order. The list has undefined for an item that has never come.
 */
export function matchOutput(output: readonly OutputItem[], entries: readonly Entry[]): (Entry | undefined)[] {
  const found: (Entry | undefined)[] = output.map(() => undefined);
  if (entries.length === 0) return found;
  const byPlace = new Map(entries.map((entry) => [entry.index, entry]));
  const steps: (() => (item: OutputItem, at: number) => Entry | undefined)[] = [
    () =>
      by(
        entries,
        ({ id }) => id,
        ({ id }) => id,
      ),
    () => by(entries, ({ callId }) => callId, callIdOf),
    () => by(entries, textKey, textKeyOf),
    () => (item, at) => {
      const entry = byPlace.get(at);
      return entry && !entry.matched && entry.kind === item.type && agree(entry, item) ? entry : undefined;
    },
    () =>
      by(
        entries,
        () => '',
        () => '',
      ),
  ];
  for (const step of steps) {
    const find = step();
    for (const [at, item] of output.entries()) {
      if (found[at]) continue;
      const entry = find(item, at);
      if (!entry) continue;
      found[at] = entry;
      entry.matched = true;
    }
  }
  return found;
}

/** Returns the messages of the last event that have never come, but of which the next message has: it begins with all of them, and continues them. */
export function continuedMessages(output: readonly OutputItem[], found: readonly (Entry | undefined)[]): Set<OutputItem> {
  const continued = new Set<OutputItem>();
  let next: string | undefined;
  for (const [at, item] of [...output.entries()].toReversed()) {
    if (item.type !== 'message' || item.phase === 'commentary') continue;
    const text = textOfItem(item);
    const isContinued = !found[at] && next?.startsWith(text);
    if (isContinued) continued.add(item);
    next = found[at] || isContinued ? text : undefined;
  }
  return continued;
}

/** Looks for entries of the item's kind that have the same key, in the order in which they came. Those that are matched by now do not count. */
function by(
  entries: readonly Entry[],
  keyOf: (entry: Entry) => string | undefined,
  keyOfItem: (item: OutputItem) => string | null | undefined,
): (item: OutputItem) => Entry | undefined {
  const queues = new Map<string, Entry[]>();
  for (const entry of entries.toReversed()) {
    const key = entry.matched ? undefined : keyOf(entry);
    if (key === undefined) continue;
    const name = `${entry.kind} ${key}`;
    const queue = queues.get(name);
    if (queue) queue.push(entry);
    else queues.set(name, [entry]);
  }
  return (item) => queues.get(`${item.type} ${keyOfItem(item)}`)?.pop();
}

function textKey(entry: Entry): string {
  return `${entry.name}\n${textSoFar(entry)}`;
}

function textKeyOf(item: OutputItem): string {
  return `${'name' in item ? item.name : ''}\n${textOfItem(item)}`;
}

/** Returns the text of an item as far as it has come. */
export function textSoFar(entry: Entry): string {
  return entry.finished ? textOfItem(entry.finished) || entry.text : entry.text;
}

/** Whether the item may be the finished form of the entry: its text begins with what has come, its name is the same. */
export function agree(entry: Entry, item: OutputItem): boolean {
  if ('name' in item && entry.name !== '' && item.name !== entry.name) return false;
  return textOfItem(item).startsWith(textSoFar(entry));
}
