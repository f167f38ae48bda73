/** What Node's error codes mean, for the person who starts the proxy. */
const reasons = new Map([
  ['EADDRINUSE', 'is in use, perhaps by another openai-proxy; choose another with --port'],
  ['EACCES', 'needs higher privileges; choose another with --port'],
  ['EADDRNOTAVAIL', 'cannot be opened: this machine has no such address; see --host'],
  ['ENOTFOUND', 'cannot be opened: the host name is unknown; see --host'],
]);

/** Returns an error with one line that says why a port cannot be opened; an error that is not about that comes back as it is. */
export function listenError(port: number, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error;
  return new Error(`port ${port} ${reasons.get(code) ?? `cannot be opened (${code})`}`, { cause: error });
}
