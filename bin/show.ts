import { serveLogFile } from '../lib/server/inspect/serve-file.ts';
import type { Command } from './options.ts';
import { listenError } from './listen-error.ts';
import { printable } from './terminal.ts';

/**
 * Shows a log file on the inspector's page until a signal comes.
 * @throws Error with one line for the user.
 */
export async function show({ file, ports, host }: Extract<Command, { action: 'show' }>): Promise<void> {
  const port = ports?.[0] ?? 0;
  const { url } = await serveLogFile(file, { port, ...(host !== undefined && { host }) }).catch((error: unknown) => {
    throw listenError(port, error);
  });
  process.stdout.write(`${printable(file)} is shown at ${url}\nCtrl-C ends it.\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0));
}
