/** An exception that no one expected, in a line for the operator: its kind and where it happened. Not its text, which may quote a request. */
export function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return `internal error (${typeof error})`;
  const { name, stack = '' } = error;
  const code = 'code' in error ? ` ${String(error.code)}` : '';
  const place = /\n\s+(at [^\n]*)/.exec(stack)?.[1] ?? '';
  return `internal error: ${name}${code} ${place}`.trimEnd();
}
