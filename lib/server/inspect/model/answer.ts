import { arrayOf, isObject, objectOf, stringOf, type JsonObject } from '../../../json.ts';

export interface Call {
  id: string;
  name: string;
  arguments: string;
}

/** A chat answer as a client shows it. */
export interface Answer {
  reasoning: string;
  content: string;
  refusal: string;
  calls: Call[];
  /** Sources, as title and address. */
  citations: { title: string; url: string }[];
  images: number;
  finish: string;
}

/** The tokens of an answer; `cached` is part of the input, `reasoning` part of the output. */
export interface Tokens {
  input: number;
  cached: number;
  output: number;
  reasoning: number;
}

export function emptyAnswer(): Answer {
  return { reasoning: '', content: '', refusal: '', calls: [], citations: [], images: 0, finish: '' };
}

/** Adds what a chunk, or a whole completion, brings. */
export function addToAnswer(answer: Answer, value: JsonObject): void {
  const choice = objectOf(arrayOf(value['choices'])[0]);
  const delta = objectOf(choice['delta'] ?? choice['message']);
  answer.reasoning += stringOf(delta['reasoning_content'] ?? delta['reasoning']);
  answer.content += stringOf(delta['content']);
  answer.refusal += stringOf(delta['refusal']);
  for (const call of arrayOf(delta['tool_calls'])) addCall(answer, objectOf(call));
  if (isObject(delta['function_call'])) addCall(answer, { index: 0, function: delta['function_call'] });
  for (const annotation of arrayOf(delta['annotations'])) {
    const { title, url } = objectOf(objectOf(annotation)['url_citation']);
    answer.citations.push({ title: stringOf(title), url: stringOf(url) });
  }
  answer.images += arrayOf(delta['images']).length;
  answer.finish = stringOf(choice['finish_reason']) || answer.finish;
}

/** A chunk names a call by its index; a whole answer lists whole calls. */
function addCall({ calls }: Answer, call: JsonObject): void {
  const index = call['index'];
  const made = objectOf(call['function'] ?? call['custom']);
  const at = Number.isInteger(index) && (index as number) >= 0 && (index as number) <= calls.length ? (index as number) : calls.length;
  const known = (calls[at] ??= { id: '', name: '', arguments: '' });
  known.id ||= stringOf(call['id']);
  known.name += stringOf(made['name']);
  known.arguments += stringOf(made['arguments'] ?? made['input']);
}

/** Returns the tokens that an answer of either API counts; undefined if it has no usage. */
export function tokensOf(value: JsonObject): Tokens | undefined {
  const usage = value['usage'] ?? objectOf(value['response'])['usage'];
  if (!isObject(usage)) return undefined;
  const count = (from: JsonObject, ...names: string[]): number =>
    Number(names.map((name) => from[name]).find((one) => one != null) ?? 0) || 0;
  const inputDetails = objectOf(usage['input_tokens_details'] ?? usage['prompt_tokens_details']);
  const outputDetails = objectOf(usage['output_tokens_details'] ?? usage['completion_tokens_details']);
  return {
    input: count(usage, 'input_tokens', 'prompt_tokens'),
    cached: count(inputDetails, 'cached_tokens'),
    output: count(usage, 'output_tokens', 'completion_tokens'),
    reasoning: count(outputDetails, 'reasoning_tokens'),
  };
}
