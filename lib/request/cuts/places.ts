/**
 * What is cut out of a request, to go out byte for byte:
 * `value`: an object or a list; `string`: a string with its quotes; `text`: what is in a long string; `data`: most of what is in a very long
 * string without blanks and escapes, as Base64 is.
 */
export type CutKind = 'value' | 'string' | 'text' | 'data';

/** A place in a request at which, or below which, something is cut out. */
export interface Place {
  readonly cut?: CutKind;
  /** Of an object: the places of its members. */
  readonly members?: readonly (readonly [name: string, place: Place])[];
  /** Of an object: text below it is cut out only if its own `member` has one of these values; with one of `long`, only very long text. */
  readonly only?: { readonly member: string; readonly values: readonly string[]; readonly long?: readonly string[] };
  /** Of a list: the place of each item. */
  readonly items?: Place;
  /** Of a list: text below it is cut out only if every item is an object that `only` is true of. */
  readonly isUniform?: boolean;
}

function object(members: Readonly<Record<string, Place>>, only?: Place['only']): Place {
  return { members: Object.entries(members), ...(only && { only }) };
}

const schema: Place = { cut: 'value' };
const definition: Place = { cut: 'string' };
const grammar = object({ definition, grammar: object({ definition }) });
const called = { parameters: schema, format: grammar };
const tool = object({ ...called, function: object(called), custom: object(called), tools: { items: object(called) } });
const format = object({ schema, json_schema: object({ schema }) });

const data: Place = { cut: 'data' };
const file = object({ file_data: data });
const parts = { file, file_data: data, image_base64: data, data, source: object({ data }) };
const content: Place = { items: object(parts) };

/** The result of a tool, and what users say, which is compared with earlier requests. Nothing looks into its text; but a list of anything else than text goes out as JSON within a string. */
const said: Place = {
  cut: 'text',
  isUniform: true,
  items: object({ ...parts, text: { cut: 'text' } }, { member: 'type', values: ['text', 'input_text', 'output_text'] }),
};

/** Both APIs, since each may have fields of the other. What assistants say is compared with kept turns, and so are arguments. */
export const request: Place = object({
  tools: { items: tool },
  functions: { items: object(called) },
  response_format: format,
  text: object({ format }),
  messages: { items: object({ content: said }, { member: 'role', values: ['tool', 'function'], long: ['user', 'system', 'developer'] }) },
  input: {
    items: object(
      { content, output: said, tools: { items: tool } },
      { member: 'type', values: ['function_call_output', 'custom_tool_call_output'] },
    ),
  },
});
