// Loaded into every measured process with `--import`: answers, over the channel to its parent, what the process has used so far.
export interface Usage {
  /** Microseconds of the processor, user and system, of all threads. */
  cpu: number;
  /** Bytes in memory, after a collection of garbage where that was asked for. */
  resident: number;
}

process.on('message', (collect: boolean) => {
  if (collect) (globalThis as { gc?: () => void }).gc?.();
  const { user, system } = process.cpuUsage();
  process.send?.({ cpu: user + system, resident: process.memoryUsage.rss() } satisfies Usage);
});
process.on('disconnect', () => process.exit());
