import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);

/** The package's own folder, wherever it is built or installed. */
export function packageFolder(): URL {
  return new URL('.', pathToFileURL(require.resolve('openai-proxy/package.json')));
}

/** The package's version. */
export function version(): string {
  return (require('openai-proxy/package.json') as { version: string }).version;
}
