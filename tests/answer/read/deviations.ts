import * as fc from 'fast-check';
import type { OutputItem, Response, SentEvent } from '../../../lib/index.ts';
import { words, type Cut } from '../events.ts';

/** The events of a well-formed answer as another server would send them. `choose` gives a number below its argument. */
export type Deviation = (events: readonly SentEvent[], choose: (below: number) => number) => SentEvent[];

type Fields = { [name: string]: unknown };

const isDelta = ({ type }: SentEvent): boolean => type.endsWith('.delta');
const isEnd = ({ type }: SentEvent): boolean => type === 'response.completed' || type === 'response.incomplete';
const responseIn = (event: SentEvent): Response => event['response'] as Response;
const without = (event: SentEvent, name: string): SentEvent =>
  Object.fromEntries(Object.entries(event).filter(([field]) => field !== name)) as SentEvent;

/** Changes the last event's Response. */
const ending =
  (change: (response: Response, choose: (below: number) => number) => Fields): Deviation =>
  (events, choose) =>
    events.map((event) => (isEnd(event) ? { ...event, response: { ...responseIn(event), ...change(responseIn(event), choose) } } : event));

function shuffled<T>(list: readonly T[], choose: (below: number) => number): T[] {
  const left = [...list];
  return list.map(() => left.splice(choose(left.length), 1)[0]!);
}

/** Which item an event is of, by numbers: another way for a server to lose or change them. */
export const indices: Record<string, Deviation> = {
  'no output_index': (events) => events.map((event) => without(event, 'output_index')),
  'output_index shifted': (events, choose) => {
    const by = 1 + choose(3);
    return events.map((event) => ('output_index' in event ? { ...event, output_index: (event['output_index'] as number) + by } : event));
  },
  'output_index always 0': (events) => events.map((event) => ('output_index' in event ? { ...event, output_index: 0 } : event)),
  'output_index as a text': (events) =>
    events.map((event) => ('output_index' in event ? { ...event, output_index: String(event['output_index']) } : event)),
  'the index of a delta is that of the next item': (events) =>
    events.map((event) =>
      isDelta(event) && 'item_id' in event ? { ...event, output_index: (event['output_index'] as number) + 1 } : event,
    ),
};

/** And by names. */
export const ids: Record<string, Deviation> = {
  'ids that change with every event': (events) =>
    events.map((event, at) => ({
      ...event,
      ...('item_id' in event && { item_id: `x${at}` }),
      ...(event['item'] !== undefined && { item: { ...(event['item'] as Fields), id: `x${at}` } }),
      ...(isEnd(event) && {
        response: { ...responseIn(event), output: (responseIn(event).output ?? []).map((item, n) => ({ ...item, id: `y${n}` })) },
      }),
    })),
  'no item_id': (events) => events.map((event) => without(event, 'item_id')),
  'one id for all': (events) =>
    events.map((event) => ({
      ...event,
      ...('item_id' in event && { item_id: 'x' }),
      ...(event['item'] !== undefined && { item: { ...(event['item'] as Fields), id: 'x' } }),
    })),
};

/** How the parts of a text are counted and announced. */
export const parts: Record<string, Deviation> = {
  'content_index grows with every event': (events) => {
    let count = 0;
    return events
      .filter(({ type }) => type !== 'response.content_part.done')
      .map((event) => {
        if (event.type === 'response.content_part.added') count = 0;
        return 'content_index' in event &&
          event.type !== 'response.content_part.added' &&
          event.type !== 'response.output_text.annotation.added'
          ? { ...event, content_index: (count += 1) }
          : event;
      });
  },
  'no content_index': (events) => events.map((event) => without(event, 'content_index')),
  'content_index always 0': (events) => events.map((event) => ('content_index' in event ? { ...event, content_index: 0 } : event)),
  'parts unannounced': (events) => events.filter(({ type }) => !type.endsWith('_part.added')),
  'older names of reasoning': (events) =>
    events.map((event) => ({ ...event, type: event.type.replace(/reasoning(_summary)?_text\./, 'reasoning$1.') })),
};

/** Which of the events there are. */
export const missing: Record<string, Deviation> = {
  'deltas alone': (events) =>
    events.filter((event) => isDelta(event) || /output_item|_part\.added|created|completed|incomplete|annotation/.test(event.type)),
  'no deltas': (events) => events.filter((event) => !isDelta(event)),
  'texts in content_part.done only': (events) => events.filter((event) => !isDelta(event) && !/(?:text|refusal)\.done$/.test(event.type)),
  'items only': (events) => events.filter(({ type }) => /output_item\.done|created|completed|incomplete/.test(type)),
  'the last event only': (events) => events.filter(isEnd),
  'items unannounced': (events) =>
    events.filter(
      ({ type, item }) =>
        type !== 'response.output_item.added' || ((item as Fields)['type'] === 'message' && (item as Fields)['phase'] != null),
    ),
  'items never done': (events) => events.filter(({ type }) => type !== 'response.output_item.done'),
};

/** What the last event says. */
export const lasts: Record<string, Deviation> = {
  'no final output': ending(() => ({ output: null })),
  'an empty final output': ending(() => ({ output: [] })),
  'the final output in another order': ending(({ output = [] }, choose) => ({ output: shuffled(output, choose) })),
  'a part of the final output': ending(({ output = [] }, choose) => ({ output: output.filter(() => choose(2) === 0) })),
  'the final output twice': ending(({ output = [] }) => ({ output: [...output, ...output.filter(({ type }) => type === 'message')] })),
  'the final output with a message as it grew': ending(({ output = [] }) => ({ output: output.flatMap((item) => [...begun(item), item]) })),
  'no status': ending(() => ({ status: undefined })),
};

/** A message of one text, with the first half of it. */
function begun(item: OutputItem): OutputItem[] {
  const [part, ...more] = item.type === 'message' && item.phase !== 'commentary' ? (item.content ?? []) : [];
  if (part?.type !== 'output_text' || more.length > 0) return [];
  const { text } = part;
  return [{ type: 'message', content: [{ type: 'output_text', text: text.slice(0, text.length / 2), annotations: [] }] }];
}

/** What is repeated, added, or of another kind. */
export const others: Record<string, Deviation> = {
  'items that come twice': (events) => events.flatMap((event) => (event.type === 'response.output_item.done' ? [event, event] : [event])),
  'items that are announced twice': (events) =>
    events.flatMap((event) => (event.type === 'response.output_item.added' ? [event, event] : [event])),
  'ends that come twice': (events) =>
    events.flatMap((event) => (/(?:text|refusal|arguments|input)\.done$/.test(event.type) ? [event, event] : [event])),
  'junk between the events': (events, choose) =>
    events.flatMap((event) =>
      choose(3) === 0 ? [event, { type: ['junk', 'ping', 'x.y', ''][choose(4)]!, said: 'x', delta: 'x', text: 'x' }] : [event],
    ),
  'null fields': (events) => events.map((event) => withNulls(event) as SentEvent),
  'arguments as objects': (events) =>
    events.filter((event) => event.type !== 'response.function_call_arguments.delta').map((event) => withObjects(event) as SentEvent),
  'parts as texts': (events) => events.map((event) => withTexts(event) as SentEvent),
  'a stream that begins again': (events, choose) => {
    const from = events.findIndex(({ type }) => type === 'response.output_item.added');
    const to = from + choose(Math.max(1, events.length - from - 1));
    return [...events.slice(0, to), ...events];
  },
};

/** Empty lists, and fields that are often left out, as null. */
function withNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(withNulls);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, one]) => [
    name,
    name === 'status' || name === 'sequence_number' ? null : withNulls(one),
  ]);
  return Object.fromEntries(fields);
}

function withObjects(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withObjects);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, name === 'arguments' ? objectIn(one) : withObjects(one)]));
}

/** The object that a JSON text is, if it is written as JSON.stringify writes it. */
function objectIn(text: unknown): unknown {
  try {
    const value: unknown = JSON.parse(String(text));
    return typeof value === 'object' && JSON.stringify(value) === text ? value : text;
  } catch {
    return text;
  }
}

/** Content of one plain part as its text. */
function withTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTexts);
  if (typeof value !== 'object' || value === null) return value;
  const { content, annotations } = value as {
    content?: { type: string; text: string; annotations?: unknown[]; logprobs?: unknown[] }[];
    annotations?: unknown;
  };
  const [part] = content ?? [];
  const isPlain =
    content?.length === 1 &&
    part!.type.endsWith('text') &&
    !part!.annotations?.length &&
    !part!.logprobs?.length &&
    annotations === undefined;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, name === 'content' && isPlain ? part!.text : withTexts(one)]),
  );
}

export const cuts: fc.Arbitrary<Cut> = fc.constantFrom<Cut>(
  words,
  (text) => [...text],
  (text) => (text === '' ? [] : [text]),
);
