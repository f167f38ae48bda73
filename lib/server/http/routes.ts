import type { ProxyError } from '../../error.ts';
import { proxyError } from '../../errors.ts';

/** What is done for a request. */
export type Work = 'about' | 'completion' | 'model' | 'models' | 'responses' | 'forward';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const reading = ['GET', 'HEAD'];

/** The paths that are answered here, or not just passed on; the first that fits counts. */
const routes: readonly { path: RegExp; methods: readonly string[]; work: Work }[] = [
  { path: /^\/v1\/chat\/completions$/, methods: ['POST'], work: 'completion' },
  { path: /^\/v1\/responses$/, methods: ['POST'], work: 'responses' },
  { path: /^\/v1\/models$/, methods: reading, work: 'models' },
  { path: /^\/v1\/models\/./, methods: reading, work: 'model' },
  { path: /^\/(?:v1|health)?$/, methods: reading, work: 'about' },
  { path: /^\/v1\/./, methods, work: 'forward' },
];

/**
 * Returns the work for a method and a normalised path.
 * @throws ProxyError 404 or 405.
 */
export function findWork(method: string, path: string): Work {
  if (!methods.includes(method)) throw wrongMethod(methods);
  if (/^\/v1\/messages(?:\/|$)/.test(path)) throw proxyError('anthropicPath');
  const found = routes.filter((route) => route.path.test(path));
  const route = found.find((one) => one.methods.includes(method));
  if (route) return route.work;
  throw found[0] ? wrongMethod(found[0].methods) : proxyError('unknownPath');
}

function wrongMethod(allowed: readonly string[]): ProxyError {
  return proxyError('methodNotSupported', {}, { headers: { allow: allowed.join(', ') } });
}
