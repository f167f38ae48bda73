#!/usr/bin/env node
import { version } from '../lib/server/about.ts';
import { describeFault } from '../lib/server/fault.ts';
import { redact } from '../lib/server/secrets/redact.ts';
import { help } from './help.ts';
import { readCommand } from './options.ts';

// A reader that goes away (`| head -1`) must not end the proxy.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

for (const event of ['uncaughtException', 'unhandledRejection']) process.on(event, (error: unknown) => fail(describeFault(error)));

const command = readCommand(process.argv.slice(2), process.env);
if (command.action === 'help') process.stdout.write(help);
if (command.action === 'version') process.stdout.write(`${version()}\n`);
if (command.action === 'wrong') fail(command.message, 2);
if (command.action === 'start') {
  // What is only needed to serve is loaded only then.
  const { start } = await import('./start.ts');
  await start(command).catch(failWith);
}
if (command.action === 'show') {
  const { show } = await import('./show.ts');
  await show(command).catch(failWith);
}

function failWith(error: unknown): never {
  fail(error instanceof Error ? error.message : String(error));
}

/** One line, and the end. */
function fail(message: string, code = 1): never {
  process.stderr.write(`openai-proxy: ${redact(message, []).replace(/\s*\n\s*/g, ' ')}\n`);
  process.exit(code);
}
