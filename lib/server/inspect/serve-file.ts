import { createReadStream, openSync, closeSync, fstatSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { codeOf } from '../fault.ts';
import { createPageServer } from './inspector.ts';
import { pageLine } from './send.ts';

export interface ServedFile {
  /** The address of the page, with its token. */
  url: string;
  close(): void;
}

/**
 * Serves a log file to the inspector's page, and nothing else.
 *
 * @param port 0 for any that is free.
 * @throws Error with one line if the file cannot be read; Node's error if it cannot listen.
 */
export async function serveLogFile(
  file: string,
  { port = 0, host = '127.0.0.1' }: { port?: number; host?: string } = {},
): Promise<ServedFile> {
  assertReadable(file);
  const inspector = createPageServer({
    file: basename(file),
    async feed(response) {
      await pipeline(createReadStream(file), response, { end: false });
      response.write(`\n${pageLine({ inspector: 'complete' })}`);
    },
  });
  const server = createServer(inspector.serve);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { address, port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${address.includes(':') ? `[${address}]` : address}:${bound}${inspector.path}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function assertReadable(file: string): void {
  try {
    const fd = openSync(file, 'r');
    const isFile = fstatSync(fd).isFile();
    closeSync(fd);
    if (isFile) return;
  } catch (error) {
    throw new Error(`the log ${JSON.stringify(file)} cannot be read (${codeOf(error)})`, { cause: error });
  }
  throw new Error(`the log ${JSON.stringify(file)} is not a file`);
}
