import type { Exchange } from '../types/exchange.ts';

/** Milliseconds until a second sign shows whether the first one came back; doubled from then on, up to the longest. */
const [shortestPause, longestPause] = [10, 15_000];

/**
 * The client has closed its side of the connection: it has left, or it has said all and waits for its answer. Only bytes that are sent to
 * it show which, so it gets some that mean nothing; if it has left, they are refused and the connection closes. One that waits has as
 * long for its answer as it had for its request. Where such bytes cannot be sent, it counts as left.
 */
export function watchHalfClosed(exchange: Exchange): void {
  const { response, request, settings } = exchange;
  const { socket } = request;
  const isTooLate = response.headersSent && !exchange.signOfLife;
  if (response.writableEnded) return;
  // before HTTP/1.1 there is no informational answer, and an answer that is passed on takes nothing in between
  if (request.httpVersion === '1.0' || isTooLate) {
    socket.destroy();
    return;
  }
  response.shouldKeepAlive = false;
  let pause = shortestPause;
  let timer = setTimeout(sign, 0);
  const limit = setTimeout(() => socket.destroy(), settings.requestTimeout);
  response.on('close', () => {
    clearTimeout(timer);
    clearTimeout(limit);
  });

  function sign(): void {
    if (response.writableEnded) return;
    if (!response.writableNeedDrain) {
      if (response.headersSent) exchange.signOfLife?.();
      else response.writeContinue();
    }
    timer = setTimeout(sign, pause);
    pause = Math.min(pause * 2, longestPause);
  }
}
