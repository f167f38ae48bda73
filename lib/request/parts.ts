import { isObject, objectOf, stringOf, type JsonObject } from '../json.ts';
import type { InputPart } from '../wire/responses.ts';

/** A content part as Responses takes it, or undefined for one that is left out. `part` may be of any of the forms that clients send. */
export function toInputPart(part: unknown): InputPart | undefined {
  if (typeof part === 'string') return { type: 'input_text', text: part };
  if (!isObject(part)) return { type: 'input_text', text: JSON.stringify(part) };
  const make = partMakers.get(part['type'] as string);
  if (make) return make(part);
  // not ours to judge: the upstream's error says what is wrong with it
  return part as unknown as InputPart;
}

/** Reasoning that a client sends back is left out: the server reads only encrypted reasoning items, and those the client never has. */
const leftOut = (): undefined => undefined;

const partMakers: ReadonlyMap<string, (part: JsonObject) => InputPart | undefined> = new Map<
  string,
  (part: JsonObject) => InputPart | undefined
>([
  ['text', toText],
  ['input_text', toText],
  ['output_text', toText],
  ['refusal', ({ refusal }) => ({ type: 'input_text', text: stringOf(refusal) })],
  ['image_url', toImage],
  ['input_image', toImage],
  ['image', toImage],
  ['file', toFile],
  ['input_file', toFile],
  ['thinking', leftOut],
  ['redacted_thinking', leftOut],
  ['reasoning', leftOut],
]);

/** The types of content part that are read; any other is sent as it is. */
export const partTypes: readonly string[] = [...partMakers.keys()];

function toText(part: JsonObject): InputPart {
  return { type: 'input_text', text: stringOf(part['text']), ...breakpoint(part) };
}

function breakpoint({ prompt_cache_breakpoint }: JsonObject): object {
  return prompt_cache_breakpoint == null ? {} : { prompt_cache_breakpoint };
}

function toImage(part: JsonObject): InputPart {
  const image = part['image_url'];
  const nested = objectOf(image);
  const source = objectOf(part['source']);
  const data = part['image_base64'] ?? part['data'] ?? source['data'];
  const url = (typeof image === 'string' ? image : nested['url']) ?? source['url'] ?? data;
  const file_id = nested['file_id'] ?? part['file_id'];
  const detail = (nested['detail'] ?? part['detail'] ?? 'auto') as 'auto';
  return {
    type: 'input_image',
    detail,
    ...(typeof file_id === 'string' && { file_id }),
    ...(typeof url === 'string' && { image_url: imageUrl(url, stringOf(source['media_type'])) }),
    ...breakpoint(part),
  };
}

/** How base64 of the common image types begins. */
const imageTypes: readonly (readonly [string, string])[] = [
  ['/9j/', 'image/jpeg'],
  ['R0lG', 'image/gif'],
  ['UklG', 'image/webp'],
];

/** A URL as it is; bare base64 becomes a data URL. */
function imageUrl(url: string, mediaType: string): string {
  if (hasScheme(url)) return url;
  const type = mediaType || imageTypes.find(([start]) => url.startsWith(start))?.[1] || 'image/png';
  return `data:${type};base64,${url}`;
}

/** A scheme is short, so that not a whole image is looked through for it. */
function hasScheme(url: string): boolean {
  const colon = url.slice(0, 16).indexOf(':');
  return colon > 0;
}

const fileTypes: ReadonlyMap<string, string> = new Map([
  ['pdf', 'application/pdf'],
  ['txt', 'text/plain'],
  ['md', 'text/markdown'],
  ['csv', 'text/csv'],
  ['json', 'application/json'],
  ['html', 'text/html'],
  ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['pptx', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
]);

/** Inline data needs a data URL and a file name, which chat clients leave out at times. */
function toFile(part: JsonObject): InputPart {
  const { file_id, file_url, file_data, filename } = isObject(part['file']) ? part['file'] : part;
  const common = { type: 'input_file' as const, ...breakpoint(part) };
  if (typeof file_id === 'string') return { ...common, file_id };
  if (typeof file_url === 'string') return { ...common, file_url };
  const name = stringOf(filename);
  if (typeof file_data !== 'string') return { ...common, ...(name && { filename: name }) };
  const type = fileTypes.get(name.slice(name.lastIndexOf('.') + 1).toLowerCase()) ?? 'application/pdf';
  const data = hasScheme(file_data) ? file_data : `data:${type};base64,${file_data}`;
  return { ...common, filename: name || `file.${extensionOf(data)}`, file_data: data };
}

function extensionOf(dataUrl: string): string {
  const type = dataUrl.slice('data:'.length, Math.max(0, dataUrl.slice(0, 200).search(/[;,]/)));
  for (const [extension, known] of fileTypes) if (known === type) return extension;
  return 'pdf';
}
