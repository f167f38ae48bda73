import type { ErrorName } from '../../errors.ts';

type TargetFault = Extract<ErrorName, 'targetNotPath' | 'targetNotEscaped' | 'dotSegments' | 'invalidEscape'>;

/** Where a request goes, from the first line of the request. */
export interface Target {
  /** Normalised: slashes collapsed, none at the end, `/v1` once in front if the API has it. Percent-escapes stay as they came. */
  path: string;
  /** With its `?`; empty for none and for a bare `?`. */
  search: string;
  /** Why the target is refused. */
  fault?: TargetFault;
}

/**
 * Parses a raw request target. Nothing is decoded or resolved: what an upstream, or a URL parser on the way there, could read as another
 * path or another host is refused instead.
 */
export function parseTarget(raw: string): Target {
  const mark = raw.indexOf('?');
  const path = mark === -1 ? raw : raw.slice(0, mark);
  const search = mark === -1 || mark === raw.length - 1 ? '' : raw.slice(mark);
  const fault = faultOf(path, search);
  return fault === undefined ? { path: normalise(path), search } : { path, search, fault };
}

function faultOf(path: string, search: string): TargetFault | undefined {
  if (!path.startsWith('/')) return 'targetNotPath';
  if (!isPlain(path) || !isPlain(search)) return 'targetNotEscaped';
  if (path.includes('\\') || path.includes('..') || path.includes('/./') || path.endsWith('/.') || /%2e/i.test(path)) {
    return 'dotSegments';
  }
  if (/%(?![\da-f]{2})|%00/i.test(path)) return 'invalidEscape';
  return undefined;
}

/** Whether it is printable ASCII without a `#`, at which a URL parser would stop. */
function isPlain(text: string): boolean {
  return !/[^\x21-\x7e]|#/.test(text);
}

const known = /^\/(?:chat\/completions|models(?:\/.*)?)$/;

function normalise(raw: string): string {
  let path = raw.includes('//') ? raw.replace(/\/{2,}/g, '/') : raw;
  if (path.length > 1 && path.endsWith('/')) path = path.slice(0, -1);
  // Clients append `/v1` to a base URL that has it, and leave it out of one that has not.
  while (path === '/v1/v1' || path.startsWith('/v1/v1/')) path = path.slice(3);
  return known.test(path) ? `/v1${path}` : path;
}
