import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** The hosts and ports of upstreams. A program that uses the proxy as a library has connections of its own. */
const hosts = new Set<string>();

/** What undici says when it has connected. */
interface Connected {
  connectParams: { host: string };
  socket: Socket;
}

type Written = (error?: Error | null) => void;

/** Milliseconds: what a server said before it closed has arrived by then. */
const longest = 1000;

/**
 * Lets an answer count that comes before the upload was read. A server that refuses an upload answers and closes, so that writing fails; `fetch` then gives
 * the connection up at once, often before it has read that answer. On connections to this host a failed write is reported only after what was received.
 */
export function keepEarlyAnswers(upstream: URL): void {
  if (hosts.size === 0) subscribe('undici:client:connected', connected);
  hosts.add(upstream.host);
}

function connected(message: unknown): void {
  const { connectParams, socket } = message as Connected;
  if (!hosts.has(connectParams.host)) return;
  const { _write: write, _writev: writev } = socket;
  const own: Pick<Socket, '_write' | '_writev'> = {
    _write: (chunk, encoding, written) => write.call(socket, chunk, encoding, after(socket, written)),
    _writev: (chunks, written) => writev?.call(socket, chunks, after(socket, written)),
  };
  Object.assign(socket, own);
}

/** Reading ends with an error of its own, so that this one is needed only where nothing is read. */
function after(socket: Socket, written: Written): Written {
  return (error) => {
    if (!error) return written();
    const timer = setTimeout(written, longest, error);
    socket.once('close', () => clearTimeout(timer));
  };
}
