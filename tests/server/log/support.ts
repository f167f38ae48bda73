import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExchangeLog, Log } from '../../../lib/server/types/log.ts';
import type { Context } from '../support.ts';

export const path = '/v1/chat/completions';

export interface Line {
  time: string;
  port: number;
  id: string;
  direction: string;
  path: string;
  status?: number;
  headers?: Record<string, string | string[]>;
  body?: string | { type: string; length: number };
}

export function folder(t: Context): string {
  const name = mkdtempSync(join(tmpdir(), 'log-test-'));
  t.after(() => rmSync(name, { recursive: true }));
  return name;
}

export function linesOf(text: string): Line[] {
  if (text === '') return [];
  assert.ok(text.endsWith('\n'));
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

export function exchangeOf(log: Log, id = '1', secrets: string[] = []): ExchangeLog {
  return log.exchange({ id, port: 5102, path, secrets });
}
