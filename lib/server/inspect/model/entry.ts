import { isObject } from '../../../json.ts';

/** A line of a log. */
export interface Entry {
  /** Milliseconds since 1970; NaN if the line has no time. */
  time: number;
  port: number;
  id: string;
  direction: string;
  path: string;
  method: string | undefined;
  status: number | undefined;
  headers: Readonly<Record<string, unknown>> | undefined;
  /** Of a body that is not text only its type and length. */
  body: string | { type: string; length: number } | undefined;
}

/** Returns what a line of a log holds; undefined for a line that is not one. Nothing is expected of its values: it may come from anywhere. */
export function parseEntry(line: string): Entry | undefined {
  const value = parseJson(line);
  if (!isObject(value) || typeof value['direction'] !== 'string') return undefined;
  const { time, port, id, direction, path, method, status, headers, body } = value;
  return {
    time: Date.parse(String(time)),
    port: Number(port) || 0,
    // half a surrogate pair cannot stand in an address
    id: String(id ?? '').replace(/\p{Cs}/gu, '\ufffd'),
    direction,
    path: typeof path === 'string' ? path : '',
    method: typeof method === 'string' ? method : undefined,
    status: typeof status === 'number' ? status : undefined,
    headers: isObject(headers) ? headers : undefined,
    body:
      typeof body === 'string' ? body : isObject(body) ? { type: String(body['type']), length: Number(body['length']) || 0 } : undefined,
  };
}

/** Returns undefined for what is not JSON; JSON itself has no undefined. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the log puts at the end of a body that is longer than it keeps. */
export const cutMark = ' [cut at 1 MiB]';
