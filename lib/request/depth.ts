import { ProxyError } from '../error.ts';

/** How deep the JSON of a request may be nested. Beyond a few thousand levels even writing it out again fails. */
const deepest = 256;

/** Throws a ProxyError 400 when objects and lists are nested more than 256 deep. Goes level by level, so that depth costs no stack. */
export function assertShallow(value: unknown): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) throw new ProxyError(400, `The JSON of the request is nested more than ${deepest} levels deep.`);
    const below: unknown[] = [];
    for (const one of level) {
      if (typeof one !== 'object' || one === null) continue;
      for (const child of Object.values(one)) if (typeof child === 'object' && child !== null) below.push(child);
    }
    level = below;
  }
}
