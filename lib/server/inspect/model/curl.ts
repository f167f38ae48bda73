import type { Exchange } from './exchange.ts';

/** Returns the command that sends the request of an exchange again, with the key from the environment. */
export function curlOf({ method, port, path, asked, headers }: Exchange, origin = `http://127.0.0.1:${port}`): string {
  const parts = [`curl -sN ${quoted(origin + path)}`];
  if (method !== 'POST') parts.push(`-X ${quoted(method)}`);
  if (asked.text !== '') parts.push(`-H ${quoted(`content-type: ${plain(headers['content-type']) || 'application/json'}`)}`);
  parts.push('-H "authorization: Bearer $OPENAI_API_KEY"');
  if (asked.text !== '') parts.push(`--data-raw ${quoted(asked.text)}`);
  return parts.join(' \\\n  ');
}

/** In single quotes a shell expands nothing. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll(/[\r\n]/g, '') : '';
}
