import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ProxyOptions } from '../../lib/server/index.ts';
import type { Context } from '../server/support.ts';
import type { Holdings } from './proxy-process.ts';

export interface OwnProcess {
  port: number;
  url: string;
  pid: number;
  /** What it holds now, garbage not counted. */
  holdings(): Promise<Holdings>;
}

/** A proxy in a process of its own, so that what the test itself holds is not counted. */
export async function proxyProcess(t: Context, options: ProxyOptions): Promise<OwnProcess> {
  const child = fork(fileURLToPath(new URL('./proxy-process.js', import.meta.url)), [JSON.stringify(options)], {
    execArgv: ['--expose-gc'],
  });
  t.after(() => child.kill('SIGKILL'));
  const [port] = (await once(child, 'message')) as [number];
  return {
    port,
    url: `http://127.0.0.1:${port}/v1`,
    pid: child.pid ?? 0,
    async holdings() {
      child.send('report');
      const [report] = (await once(child, 'message')) as [Holdings];
      return report;
    },
  };
}

/** Numbers below `below`, the same in every run. */
export function randomNumbers(seed: number): (below: number) => number {
  let last = seed;
  return (below) => {
    last = (last * 48271) % 2147483647;
    return Math.floor((last / 2147483647) * below);
  };
}
