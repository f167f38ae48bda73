const loopback = /^(?:.+\.)?localhost$|^127\.\d+\.\d+\.\d+$|^::1$|^\[::1\]$/;

/** Whether a host, by name or address, is this machine's own and none that another machine can reach. */
export function isLoopback(host: string): boolean {
  return loopback.test(host);
}
