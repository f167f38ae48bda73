/** Returns a line for the operator about an unexpected exception: its kind and where it happened. Not its text, which may quote a request. */
export function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return `internal error (${typeof error})`;
  const { name, message, stack = '' } = error;
  const code = 'code' in error ? ` ${String(error.code)}` : '';
  const place = /\n {4}(at [^\n]*)/.exec(stack.slice(stack.indexOf(message) + message.length))?.[1] ?? '';
  return `internal error: ${name}${code} ${place}`.trimEnd();
}

/** Returns Node's code of an error: `ENOENT`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
