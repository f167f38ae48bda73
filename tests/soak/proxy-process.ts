// A proxy in a process of its own, started with `fork(…, [options as JSON], { execArgv: ['--expose-gc'] })`: prints its port, then what it
// holds each time it is asked.
import { existsSync, readdirSync } from 'node:fs';
import { createProxy } from '../../lib/server/index.ts';
import type { ProxyOptions } from '../../lib/server/index.ts';

/** What the process holds, after all garbage was collected. */
export interface Holdings {
  /** Bytes of the heap and of buffers outside it. */
  heap: number;
  rss: number;
  sockets: number;
  /** Open files and sockets; undefined if the system does not say. */
  descriptors: number | undefined;
  /** Lines that an operator would have been shown. */
  warnings: string[];
}

const warnings: string[] = [];
const proxy = createProxy({ ...(JSON.parse(process.argv[2] ?? '{}') as ProxyOptions), warn: (message) => warnings.push(message) });
const { port } = await proxy.listen(0);

process.on('message', () => {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send?.({
    heap: heapUsed + external,
    rss,
    sockets: process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length,
    descriptors: existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : undefined,
    warnings,
  } satisfies Holdings);
});
process.on('disconnect', () => process.exit(0));
process.send?.(port);
