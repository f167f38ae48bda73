import { isObject, stringOf, type JsonObject } from '../../json.ts';
import type {
  Annotation,
  OutputItem,
  OutputTextPart,
  ReasoningTextPart,
  RefusalPart,
  Response,
  ResponseLogprob,
  SummaryPart,
} from '../../wire/responses.ts';

// Every function here returns the value itself if it is as published, so that a well-formed answer is neither copied nor changed.

/** Returns the item with every field of the kind that is published for it; undefined for what is not an item. */
export function itemOf(sent: unknown): OutputItem | undefined {
  if (typeof sent === 'string' && sent !== '') return { type: 'message', content: [textPart(sent)] };
  if (!isObject(sent)) return undefined;
  const type = sent['type'] ?? (sent['role'] === 'assistant' ? 'message' : undefined);
  switch (type) {
    case 'message':
      return changed(sent, { type, id: idOf(sent['id']), content: messageParts(sent['content']), phase: phaseOf(sent['phase']) });
    case 'reasoning':
      return changed(sent, { id: idOf(sent['id']), summary: summaryParts(sent['summary']), content: reasoningParts(sent['content']) });
    case 'function_call':
      return changed(sent, {
        id: idOf(sent['id']),
        call_id: idOf(sent['call_id']),
        name: stringOf(sent['name']),
        arguments: inputOf(sent['arguments']),
      });
    case 'custom_tool_call':
      return changed(sent, {
        id: idOf(sent['id']),
        call_id: idOf(sent['call_id']),
        name: stringOf(sent['name']),
        input: inputOf(sent['input']),
      });
    default:
      return typeof type === 'string' && type !== '' ? changed(sent, { id: idOf(sent['id']) }) : undefined;
  }
}

/** The object with these fields; itself if it has them already. `undefined` stands for a field that is absent or null. */
function changed(sent: JsonObject, fields: JsonObject): OutputItem {
  for (const [name, value] of Object.entries(fields)) {
    if (value === sent[name] || (value === undefined && sent[name] == null)) continue;
    const copy = { ...sent, ...fields };
    return Object.fromEntries(Object.entries(copy).filter(([, one]) => one !== undefined)) as unknown as OutputItem;
  }
  return sent as unknown as OutputItem;
}

function idOf(id: unknown): string | undefined {
  return typeof id === 'number' ? String(id) : stringOf(id) || undefined;
}

function phaseOf(phase: unknown): string | undefined {
  return phase === 'commentary' || phase === 'final_answer' ? phase : undefined;
}

/** Returns arguments as the text that they should be: some servers send the object itself. */
export function inputOf(input: unknown): string {
  return typeof input === 'string' ? input : input == null ? '' : JSON.stringify(input);
}

/** The list with its parts read by `read`; itself if they are all as they should be. A single value counts as a list of one. */
function listOf<Part>(sent: unknown, read: (part: unknown) => Part | undefined): Part[] | undefined {
  if (sent == null) return undefined;
  const list: readonly unknown[] = Array.isArray(sent) ? sent : [sent];
  const parts = list.map(read);
  if (parts.every((part, at) => part === list[at])) return list as Part[];
  return parts.filter((part) => part !== undefined);
}

const textPart = (text: string): OutputTextPart => ({ type: 'output_text', text, annotations: [] });

function messageParts(content: unknown): (OutputTextPart | RefusalPart)[] | undefined {
  return listOf(content, messagePart);
}

/** Returns a part of a message: text under any of its usual names, or a refusal. */
export function messagePart(part: unknown): OutputTextPart | RefusalPart | undefined {
  if (typeof part === 'string') return part === '' ? undefined : textPart(part);
  if (!isObject(part)) return undefined;
  const { type, refusal, annotations, logprobs } = part;
  if (type === 'refusal') {
    if (typeof refusal === 'string') return part as unknown as RefusalPart;
    return { type, refusal: stringOf(part['text']) };
  }
  if (type !== 'output_text' && type !== 'text') return undefined;
  const text = textOf(part['text']);
  const read = listOf(annotations, annotationOf);
  const tokens = logprobsOf(logprobs);
  if (type === 'output_text' && text === part['text'] && read === annotations && tokens === logprobs)
    return part as unknown as OutputTextPart;
  return { type: 'output_text', text, annotations: read ?? [], ...(tokens && { logprobs: tokens }) };
}

/** Returns a text that may be wrapped in an object, as other APIs have it. */
export function textOf(text: unknown): string {
  return isObject(text)
    ? stringOf(text['value'] ?? text['text'] ?? text['content'])
    : typeof text === 'number'
      ? String(text)
      : stringOf(text);
}

export function annotationOf(annotation: unknown): Annotation | undefined {
  if (!isObject(annotation) || typeof annotation['type'] !== 'string') return undefined;
  // Chat's nested form
  const nested = annotation['url_citation'];
  return (isObject(nested) ? { type: 'url_citation', ...nested } : annotation) as unknown as Annotation;
}

/** Returns log probabilities that are a list of tokens; undefined for anything else. */
export function logprobsOf(logprobs: unknown): ResponseLogprob[] | undefined {
  return Array.isArray(logprobs) ? listOf(logprobs, logprobOf) : undefined;
}

function logprobOf(sent: unknown): ResponseLogprob | undefined {
  if (!isObject(sent) || typeof sent['token'] !== 'string' || typeof sent['logprob'] !== 'number') return undefined;
  const { top_logprobs: top, bytes } = sent;
  if ((top === undefined || (Array.isArray(top) && top.every(isObject))) && (bytes == null || Array.isArray(bytes))) return sent as never;
  const { token, logprob } = sent;
  return { token, logprob, ...(Array.isArray(bytes) && { bytes }), top_logprobs: Array.isArray(top) ? top.filter(isObject) : [] };
}

function summaryParts(summary: unknown): SummaryPart[] | undefined {
  return listOf(summary, (part) => {
    if (typeof part === 'string') return { type: 'summary_text', text: part };
    if (!isObject(part)) return undefined;
    return typeof part['text'] === 'string' ? (part as unknown as SummaryPart) : { type: 'summary_text', text: textOf(part['text']) };
  });
}

function reasoningParts(content: unknown): ReasoningTextPart[] | undefined {
  return listOf(content, reasoningPart);
}

/** Returns a part of reasoning: any part with a text counts. */
export function reasoningPart(part: unknown): ReasoningTextPart | undefined {
  if (typeof part === 'string') return part === '' ? undefined : { type: 'reasoning_text', text: part };
  if (!isObject(part)) return undefined;
  const { type, text } = part;
  if (type === 'reasoning_text' && typeof text === 'string') return part as unknown as ReasoningTextPart;
  return type === 'text' || stringOf(type).endsWith('_text') ? { type: 'reasoning_text', text: textOf(text) } : undefined;
}

/** Returns the Response with the fields that are read of it of their published kind; an empty one for what is not an object. */
export function responseOf(sent: unknown): Response {
  if (!isObject(sent)) return {};
  const { id, created_at: created, model, output, usage, metadata, service_tier: tier, incomplete_details: details } = sent;
  const items = listOf(output, itemOf);
  const fields = {
    id: idOf(id),
    created_at: secondsOf(created),
    model: stringOf(model) || undefined,
    output: items,
    usage: isObject(usage) && [usage['input_tokens'], usage['output_tokens'], usage['total_tokens']].some(isCount) ? usage : undefined,
    metadata: isObject(metadata) ? metadata : undefined,
    service_tier: stringOf(tier) || undefined,
    incomplete_details: isObject(details) ? details : undefined,
  };
  return changed(sent, fields) as unknown as Response;
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** Returns a time in seconds, of a number or of an ISO date. */
function secondsOf(time: unknown): number | undefined {
  if (typeof time !== 'string') return isCount(time) ? time : undefined;
  const seconds = Number.isNaN(Number(time)) ? Date.parse(time) / 1000 : Number(time);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}

/** Returns an index, which some servers write as a text. */
export function indexOf(index: unknown): number | undefined {
  const number = typeof index === 'string' && index !== '' ? Number(index) : index;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}
