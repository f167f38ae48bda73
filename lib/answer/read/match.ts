import type { OutputItem } from '../../wire/responses.ts';
import { textOfItem } from '../item-text.ts';
import type { Entry } from './entry.ts';

/**
 * Finds which of the items that have come each item of the last event is: by id, by `call_id`, by text, by place, and else by kind
 * and order. The list has undefined for an item that has never come.
 */
export function matchOutput(output: readonly OutputItem[], entries: readonly Entry[]): (Entry | undefined)[] {
  const found: (Entry | undefined)[] = output.map(() => undefined);
  if (entries.length === 0) return found;
  const byPlace = new Map(entries.map((entry) => [entry.index, entry]));
  const steps: ((item: OutputItem, at: number) => Entry | undefined)[] = [
    by(
      entries,
      ({ id }) => id,
      ({ id }) => id ?? undefined,
    ),
    by(entries, ({ callId }) => callId, callIdOf),
    by(entries, textKey, textKeyOf),
    (item, at) => [byPlace.get(at)].find((entry) => entry && !entry.matched && entry.kind === item.type && agree(entry, item)),
    by(
      entries,
      () => '',
      () => '',
    ),
  ];
  for (const step of steps) {
    for (const [at, item] of output.entries()) {
      if (found[at]) continue;
      const entry = step(item, at);
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

/** Looks for entries of the item's kind that have the same key, in the order in which they came. */
function by(
  entries: readonly Entry[],
  keyOf: (entry: Entry) => string | undefined,
  keyOfItem: (item: OutputItem) => string | undefined,
): (item: OutputItem) => Entry | undefined {
  let queues: Map<string, Entry[]> | undefined;
  return (item) => {
    if (!queues) {
      queues = new Map();
      for (const entry of entries.toReversed()) {
        const key = entry.matched ? undefined : keyOf(entry);
        if (key === undefined) continue;
        const name = `${entry.kind} ${key}`;
        const queue = queues.get(name);
        if (queue) queue.push(entry);
        else queues.set(name, [entry]);
      }
    }
    const key = keyOfItem(item);
    const queue = key === undefined ? undefined : queues.get(`${item.type} ${key}`);
    while (queue?.at(-1)?.matched) queue.pop();
    return queue?.pop();
  };
}

function callIdOf(item: OutputItem): string | undefined {
  return 'call_id' in item ? item.call_id : undefined;
}

function textKey(entry: Entry): string | undefined {
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
