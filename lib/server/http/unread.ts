import type { IncomingMessage } from 'node:http';
import { budgets } from '../../budgets.ts';
import { inLine } from './others-first.ts';
import type { Exchange } from '../types/exchange.ts';

/** Whether a request has a body, be it announced only. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Whether the client waits to be asked for the body (`Expect: 100-continue`), and was not: nobody knows if it will send it. */
export function holdsBack(request: IncomingMessage): boolean {
  return request.headers.expect !== undefined && !request.readableDidRead;
}

/** Others go first after so many: a body may come in chunks of one byte. */
const readsAtOnce = 1000;

/**
 * Ends an answer, with its last or only text. The client may still send its request: one that writes before it reads would wait for
 * ever if the rest were not read, and would lose the answer if the connection closed at once. So the rest is read and thrown away.
 */
export function endAnswer({ request, response }: Exchange, text?: string): void {
  if (request.complete || !hasBody(request) || holdsBack(request)) {
    response.end(text);
    return;
  }
  if (text) response.write(text);
  const end = (): void => void response.end();
  const lingering = setTimeout(end, budgets.lingering);
  let rests = false;
  const goOn = (): void => {
    rests = false;
    discard();
  };
  const discard = (): void => {
    if (rests) return;
    for (let reads = 0; request.read() !== null; reads += 1) {
      lingering.refresh();
      if (reads < readsAtOnce) continue;
      rests = true;
      return void inLine().then(goOn);
    }
  };
  request.on('readable', discard).on('end', end);
  response.on('close', () => clearTimeout(lingering));
  discard();
  if (response.shouldKeepAlive) end();
}
