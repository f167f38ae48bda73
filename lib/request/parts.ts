import { isObject, objectOf, stringOf, type JsonObject } from '../json.ts';
import type { InputPart } from '../wire/responses.ts';
import { breakpointOf } from './breakpoints.ts';
import { fileData, hasScheme, isFileId, isWebUrl } from './files.ts';

/**
 * Returns a content part as Responses takes it, or undefined for one that is left out. `part` may be of any of the forms that clients send;
 * `takesHints` says that a `cache_control` in it counts.
 */
export function toInputPart(part: unknown, takesHints = false): InputPart | undefined {
  if (typeof part === 'string') return { type: 'input_text', text: part };
  if (!isObject(part)) return { type: 'input_text', text: JSON.stringify(part) };
  const make = partMakers.get(part['type'] as string);
  if (make) {
    const made = make(part);
    return made && { ...made, ...breakpointOf(part, takesHints) };
  }
  // not ours to judge: the upstream's error says what is wrong with it
  return part as unknown as InputPart;
}

/** Whether a value is a content part with something in it. A record may have a `type`, too, even one that parts have. */
export function isPart(value: unknown): boolean {
  const make = isObject(value) ? partMakers.get(value['type'] as string) : undefined;
  if (!make) return false;
  const part = make(objectOf(value));
  switch (part?.type) {
    case 'input_text':
      return typeof objectOf(value)['text'] === 'string' || typeof objectOf(value)['refusal'] === 'string';
    case 'input_image':
      return part.image_url !== undefined || part.file_id !== undefined;
    case 'input_file':
      return part.file_id !== undefined || part.file_url !== undefined || part.file_data !== undefined;
    case undefined:
      return true;
  }
}

/** The text of a part. Anything that is not a string is written as JSON, so that nothing is lost; null is no text. */
export function textOf(text: unknown): string {
  return typeof text === 'string' ? text : text == null ? '' : JSON.stringify(text);
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
  return { type: 'input_text', text: textOf(part['text']) };
}

/** A URL, data or an id counts wherever it stands: clients put one into the field of another. */
function toImage(part: JsonObject): InputPart {
  const image = part['image_url'];
  const nested = objectOf(image);
  const source = objectOf(part['source']);
  const detail = (stringOf(nested['detail']) || stringOf(part['detail']) || 'auto') as 'auto';
  const id = stringOf(nested['file_id']) || stringOf(part['file_id']);
  const url = stringOf(image) || stringOf(nested['url']) || stringOf(source['url']) || dataOf(part, source);
  const common = { type: 'input_image' as const, detail };
  if (id && !url && hasScheme(id)) return { ...common, image_url: id };
  if (isFileId(url)) return { ...common, file_id: url };
  return { ...common, ...(id && { file_id: id }), ...(url && { image_url: imageUrl(url, stringOf(source['media_type'])) }) };
}

function dataOf(part: JsonObject, source: JsonObject): string {
  return stringOf(part['image_base64']) || stringOf(part['data']) || stringOf(source['data']);
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

/** Likewise; the first of the three that is given is the file. */
function toFile(part: JsonObject): InputPart {
  const own = isObject(part['file']) ? part['file'] : part;
  const { file_id, file_url, file_data } = own;
  const filename = stringOf(own['filename']);
  const detail = (stringOf(own['detail']) || stringOf(part['detail'])) as 'auto';
  const common = { type: 'input_file' as const, ...(detail && { detail }) };
  const file = stringOf(file_id) || stringOf(file_url) || stringOf(file_data);
  if (file === '') return { ...common, ...(filename && { filename }) };
  if (isWebUrl(file)) return { ...common, file_url: file };
  if (file.startsWith('data:')) return { ...common, ...fileData(file, filename) };
  if (file === file_id || isFileId(file)) return { ...common, file_id: file };
  return { ...common, ...(file === file_url ? { file_url: file } : fileData(file, filename)) };
}
