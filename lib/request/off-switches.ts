import { isObject, objectOf, type JsonObject } from '../json.ts';
import { isNeutral } from './fields.ts';

/** What the switches of other dialects of Chat Completions ask for. */
export interface Switches {
  /** The field that turns the reasoning off; undefined if none does. */
  off: string | undefined;
  /** The reasoning is not for the client to see. */
  isHidden: boolean;
  /** What of their fields means anything else, and is dropped. */
  dropped: string[];
}

/** How they say that a model shall not reason. The effort of `reasoning` is read elsewhere, as are its other fields. */
const offSwitches: readonly Switch[] = [
  ['reasoning', 'enabled', false],
  ['enable_thinking', undefined, false],
  ['thinking', 'type', 'disabled'],
  ['chat_template_kwargs', 'enable_thinking', false],
];

/** How they say that the client is not to see the reasoning. */
const hidingSwitches: readonly Switch[] = [
  ['reasoning', 'exclude', true],
  ['include_reasoning', undefined, false],
];

/** A field, what of it is looked at, and the value that switches off. */
type Switch = readonly [field: string, key: string | undefined, off: unknown];

export function readSwitches(chat: JsonObject): Switches {
  const off = offSwitches.filter((one) => isOff(chat, one));
  const hiding = hidingSwitches.filter((one) => isOff(chat, one));
  return {
    off: off.length > 0 ? nameOf(off[0]!) : undefined,
    isHidden: hiding.length > 0,
    dropped: offSwitches.slice(1).flatMap(([field]) => unread(field, chat[field], off)),
  };
}

function isOff(chat: JsonObject, [field, key, off]: Switch): boolean {
  return (key === undefined ? chat[field] : objectOf(chat[field])[key]) === off;
}

/** As notes and errors name it. */
function nameOf([field, key]: Switch): string {
  return key === undefined || key === 'type' ? field : `${field}.${key}`;
}

/** What of a field no switch has used. */
function unread(field: string, value: unknown, used: readonly Switch[]): string[] {
  const own = used.find(([name]) => name === field);
  if (!own) return isNeutral(field, value) ? [] : [field];
  if (!isObject(value)) return [];
  return Object.keys(value)
    .filter((key) => key !== own[1] && !isNeutral(key, value[key]))
    .map((key) => `${field}.${key}`);
}
