import { endOfString } from '../json-extent.ts';

/**
 * The JSON text of an object with the value of its own `model` replaced, every other byte as it was. `text` must be valid JSON.
 * Unchanged where there is no such string.
 */
export function replaceModel(text: string, model: string): string {
  let depth = 0;
  let lastString = '';
  let found: [number, number] | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
    else if (char === '"') {
      const end = endOfString(text, at + 1) + 1;
      if (depth === 1 && lastString === '"model":') found = [at, end]; // the last one counts, as in JSON.parse
      lastString = depth === 1 ? text.slice(at, end) : '';
      at = end - 1;
    } else if (char === ':' && depth === 1) lastString += ':';
    else if (char === ',') lastString = '';
  }
  return found ? text.slice(0, found[0]) + JSON.stringify(model) + text.slice(found[1]) : text;
}
