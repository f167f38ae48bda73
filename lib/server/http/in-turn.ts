import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { budgets } from '../../budgets.ts';

/** Where requests wait: the last response of a connection, and how many wait for the one before theirs. */
const lines = new WeakMap<Socket, { last: ServerResponse; waiting: number }>();

/**
 * Calls `serve` when all answers before this one have been sent on the connection; never if the connection closed before. Node hands out
 * pipelined requests at once, but gives only the first response a socket: the others would not learn that their client has left.
 */
export function inTurn({ socket }: IncomingMessage, response: ServerResponse, serve: () => void): void {
  if (response.socket) return serve();
  const { _httpMessage: current } = socket as { _httpMessage?: ServerResponse };
  const line = lines.get(socket) ?? { last: current!, waiting: 0 };
  lines.set(socket, line);
  if ((line.waiting += 1) > budgets.pipelined) {
    socket.destroy();
    return;
  }
  line.last.once('close', () => {
    if ((line.waiting -= 1) === 0) lines.delete(socket);
    if (response.socket) serve();
  });
  line.last = response;
}
