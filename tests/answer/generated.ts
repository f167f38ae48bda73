import * as fc from 'fast-check';
import type { AnswerContext, OutputItem, ReasoningStyle, Response, SentEvent } from '../../lib/index.ts';
import { endOf, itemEvents, openingOf } from './events.ts';
import { plain, responseOf } from './support.ts';

/** Short texts, of which some are equal, empty, blank, or hold what could end a block of reasoning. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'ab',
    'aba',
    ' ',
    '\n',
    '\n\n',
    'stop',
    '> ———',
    '</think>',
    '> **Thinking**',
    '<think>',
    'x\n> ———\ny',
    '{"a":1}',
  ),
  fc.string({ unit: 'grapheme', maxLength: 10 }),
  fc.array(fc.constantFrom('st', 'op', ' ', '\n', '> ', '———', '👋🏽', 'é', 'ab'), { maxLength: 8 }).map((parts) => parts.join('')),
);

const url = fc.constantFrom('https://a.example/', 'no url');
const annotation = fc.oneof(
  fc.record({
    type: fc.constant('url_citation'),
    url,
    title: fc.constantFrom('A', '', null),
    start_index: fc.nat(9),
    end_index: fc.nat(9),
  }),
  fc.constant({ type: 'file_citation', file_id: 'file-1' }),
);

/** Tokens and their text, so that both agree. */
const logged = fc.array(fc.constantFrom('a', 'st', 'op', ' ', '👋', 'é')).map((tokens) => ({
  text: tokens.join(''),
  logprobs: tokens.map((token, at) => ({ token, logprob: -1 - at, bytes: null, top_logprobs: [] })),
}));

const part = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('output_text'), text: anyText, annotations: fc.array(annotation, { maxLength: 2 }) }),
  },
  { weight: 1, arbitrary: logged.map((both) => ({ type: 'output_text', annotations: [], ...both })) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('refusal'), refusal: anyText }) },
  { weight: 1, arbitrary: fc.constant({ type: 'hologram', text: 'x' }) },
);

const id = fc.constantFrom('item_1', 'item_2');

const message = fc.record({
  type: fc.constant('message'),
  id,
  phase: fc.constantFrom(null, 'commentary', 'final_answer'),
  content: fc.array(part, { maxLength: 3 }),
});

const reasoning = fc.record(
  {
    type: fc.constant('reasoning'),
    id,
    summary: fc.array(
      anyText.map((text) => ({ type: 'summary_text', text })),
      { maxLength: 3 },
    ),
    content: fc.array(
      anyText.map((text) => ({ type: 'reasoning_text', text })),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: ['type', 'id'] },
);

const wrapped = JSON.stringify({ tool_uses: [{ recipient_name: 'functions.f', parameters: { a: 1 } }, { recipient_name: 'functions.g' }] });

const functionCall = fc.record({
  type: fc.constant('function_call'),
  id,
  call_id: fc.constantFrom('call_1', 'call_2'),
  name: fc.constantFrom('f', 'g', 'parallel', 'multi_tool_use.parallel', '__proto__', 'short'),
  arguments: fc.oneof(fc.constantFrom('', '{}', wrapped, '{"tool_uses":[]}'), anyText),
});

const customCall = fc.record({
  type: fc.constant('custom_tool_call'),
  id,
  call_id: id,
  name: fc.constantFrom('f', 'short'),
  input: anyText,
});

const hosted = fc.oneof(
  fc.record({
    type: fc.constant('web_search_call'),
    id,
    action: fc.record({ type: fc.constantFrom('search', 'open_page'), query: anyText }),
  }),
  fc.record({ type: fc.constant('image_generation_call'), id, result: fc.constantFrom('AAAA', '', null) }),
  fc.record({
    type: fc.constantFrom('compaction', 'hologram_call', 'constructor', 'mcp_list_tools', 'code_interpreter_call'),
    id,
    code: anyText,
  }),
);

const anyItem = fc.oneof(
  { weight: 4, arbitrary: message },
  { weight: 2, arbitrary: reasoning },
  { weight: 2, arbitrary: functionCall },
  { weight: 1, arbitrary: customCall },
  { weight: 2, arbitrary: hosted },
);

const ending = fc.constantFrom<Partial<Response>>(
  { status: 'completed' },
  { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
  { status: 'incomplete', incomplete_details: { reason: 'content_filter' } },
);

/** A Response that could be. */
export const anyResponse: fc.Arbitrary<Response> = fc
  .record({
    output: fc.array(anyItem, { maxLength: 5 }),
    model: fc.constantFrom('gpt-5', 'gpt-5.4', 'gpt-4.1', 'other'),
    ending,
    usage: fc.constantFrom(null, { input_tokens: 3, output_tokens: 4 }),
  })
  .map(({ output, model, ending: end, usage }) =>
    responseOf(output.map((item, at) => ({ ...item, id: `${item.id}_${at}` })) as unknown as OutputItem[], {
      model,
      usage,
      service_tier: 'default',
      ...end,
    }),
  );

/** What a client may have asked for. */
export const anyContext: fc.Arbitrary<AnswerContext> = fc
  .record({
    reasoning: fc.constantFrom<ReasoningStyle>('field', 'quote', 'think', 'off'),
    json: fc.boolean(),
    legacyFunctions: fc.boolean(),
    logprobs: fc.boolean(),
    stop: fc.constantFrom<string[]>([], [], ['stop'], ['a'], ['ab', 'ba'], ['aba', 'b'], ['\n\n'], ['👋🏽', '👋'], ['op s', 'top']),
    includeUsage: fc.boolean(),
  })
  .map((asked) => ({ ...plain, ...asked, names: new Map([['short', 'a long name']]), tools: new Set(['f', 'g']) }));

/** Tells a Response in an order of events that servers may choose. */
export type Order = (response: Response) => SentEvent[];

const everyCharacter = (text: string): string[] => [...text];

/** Drawn once for each place in a stream at which there is a choice, and used again from the start when they run out. */
const choices = fc.array(fc.nat(1000), { minLength: 1, maxLength: 40 });

export const anyOrder: fc.Arbitrary<Order> = fc
  .record({
    choices,
    interleaved: fc.boolean(),
    deltas: fc.constantFrom('all' as const, 'none' as const, 'some' as const, 'alone' as const),
    opened: fc.constantFrom('first', 'late', 'never'),
    closed: fc.constantFrom('all', 'some'),
    ids: fc.constantFrom('same' as const, 'rotating' as const, 'absent' as const),
    unknown: fc.boolean(),
    output: fc.constantFrom('there' as const, 'empty' as const, 'absent' as const),
  })
  .map((how) => (response) => {
    let drawn = 0;
    const choose = (below: number): number => how.choices[drawn++ % how.choices.length]! % below;
    const lists = (response.output ?? []).map((item, at) => {
      const all = itemEvents(item, at, everyCharacter);
      const [added, done] = [all[0]!, all.at(-1)!];
      const between = all.slice(1, -1);
      const events = {
        all: between,
        none: new Array<SentEvent>(),
        some: withoutTails(between, choose),
        alone: between.filter(({ type }) => type.endsWith('.delta') || type === 'response.content_part.added'),
      }[how.deltas];
      // one after the other, an item may be known late; between others its beginning holds its place
      // only its beginning says what kind of a message one is
      const first = how.interleaved || (item.type === 'message' && item.phase != null);
      const late = !first && how.opened === 'late' ? choose(events.length + 1) : 0;
      if (first || how.opened !== 'never') events.splice(late, 0, added);
      // an event that names no known item belongs to the open one of its kind
      const mustEnd = how.output !== 'there' || how.opened !== 'first' || holdsPlace(item);
      if (how.closed === 'all' || mustEnd || choose(2) === 0) events.push(done);
      return events;
    });
    const mixed = how.interleaved ? interleave(lists, response, choose) : lists.flat();
    const events = [
      ...openingOf(response),
      ...mixed.flatMap((event) => (how.unknown && choose(3) === 0 ? [event, unknownEvent] : [event])),
    ];
    const output = { there: response.output, empty: [], absent: undefined }[how.output];
    const last = endOf({ ...response, ...(output && { output }) });
    if (!output) delete (last['response'] as Response).output;
    return [...events, last].map((event, at) => renamed(event, how.ids, at));
  });

const unknownEvent: SentEvent = { type: 'response.hologram.delta', output_index: 0, delta: 'x' };

/** Whether nothing of a later item may come before its end: reasoning ends there, a hosted tool is reported where it ends. */
const holdsPlace = (item: OutputItem): boolean =>
  !['message', 'function_call', 'custom_tool_call'].includes(item.type) || ('name' in item && !['f', 'g'].includes(item.name));

/** Leaves out the tail of a part's deltas, or all of them: the event with the whole text brings the rest. */
function withoutTails(events: SentEvent[], choose: (below: number) => number): SentEvent[] {
  const ended = new Set<string>();
  return events.filter(({ type, content_index, summary_index, logprobs }) => {
    if (!type.endsWith('.delta') || (logprobs as unknown[] | undefined)?.length) return true;
    const text = `${type} ${content_index} ${summary_index}`;
    if (choose(6) === 0) ended.add(text);
    return !ended.has(text);
  });
}

/** Mixes the events of several items. An item opens after the one before it, and some hold their place in the order. */
function interleave(lists: SentEvent[][], { output = [] }: Response, choose: (below: number) => number): SentEvent[] {
  const mixed: SentEvent[] = [];
  const left = lists.map((list) => [...list]);
  for (;;) {
    const open: SentEvent[][] = [];
    for (const [at, list] of left.entries()) {
      if (list.length > 0) open.push(list);
      if (list.length === lists[at]!.length || (list.length > 0 && holdsPlace(output[at]!))) break;
    }
    if (open.length === 0) return mixed;
    mixed.push(open[choose(open.length)]!.shift()!);
  }
}

function renamed(event: SentEvent, ids: 'same' | 'rotating' | 'absent', at: number): SentEvent {
  if (ids === 'same' || !('item_id' in event || event['item'])) return event;
  const another = ids === 'rotating' ? `item_${at}_rotated` : undefined;
  const changed: SentEvent = { ...event };
  if ('item_id' in changed) {
    delete changed['item_id'];
    if (another) changed['item_id'] = another;
  }
  if (changed['item']) {
    const { id: _, ...item } = changed['item'] as OutputItem;
    changed['item'] = { ...item, ...(another && { id: another }) };
  }
  return changed;
}
