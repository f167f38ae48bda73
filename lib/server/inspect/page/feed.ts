/** Reads lines of a text that comes as bytes. */
export async function readLines(body: ReadableStream<Uint8Array>, take: (lines: string[]) => void): Promise<void> {
  let rest = '';
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read()) {
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    take(lines);
  }
  take([rest]);
}

/** How the page stands with the proxy. */
export type Connection = 'connecting' | 'live' | 'file' | 'lost' | 'refused';

interface Options {
  /** The feed begins anew. */
  begin(): void;
  take(lines: string[]): void;
  /** Whether what comes is a file, which does not go on. */
  isFile(): boolean;
  report(connection: Connection): void;
}

/** Milliseconds before the proxy is asked again. */
const PAUSE = 2000;

/** Follows the proxy that this page came from, for as long as the page is open. */
export async function follow({ begin, take, isFile, report }: Options): Promise<void> {
  const address = `${location.pathname.replace(/\/$/, '')}/log${location.search}`;
  for (;;) {
    const { status, body } = await fetch(address, { cache: 'no-store', referrerPolicy: 'no-referrer' }).catch(() => ({
      status: 0,
      body: null,
    }));
    if (status === 403) return report('refused');
    if (status === 200 && body) {
      begin();
      report('live');
      await readLines(body, take).catch(() => {});
      if (isFile()) return report('file');
    }
    report('lost');
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
