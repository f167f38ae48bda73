import { budgets } from '../budgets.ts';
import { proxyError } from '../errors.ts';

/** How deep the JSON of a request may be nested: far beyond any real one, and far below where writing it out again fails. */
export const deepest: number = budgets.depth;

/** Throws a ProxyError 400 when objects and lists are nested more than 256 deep. Goes level by level, so that depth costs no stack. */
export function assertShallow(value: unknown): void {
  let level: object[] = isNested(value) ? [value] : [];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > deepest) throw proxyError('bodyTooDeep', { levels: deepest });
    const below: object[] = [];
    for (const one of level)
      for (const child of Array.isArray(one) ? (one as unknown[]) : Object.values(one)) if (isNested(child)) below.push(child);
    level = below;
  }
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
