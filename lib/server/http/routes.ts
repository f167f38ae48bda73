import { ProxyError } from '../../error.ts';

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
 * The work for a method and a normalised path.
 * @throws ProxyError 404 or 405.
 */
export function findWork(method: string, path: string): Work {
  if (!methods.includes(method)) throw wrongMethod(methods);
  if (/^\/v1\/messages(?:\/|$)/.test(path)) {
    throw notFound(
      "This is the path of Anthropic's Messages API. This proxy speaks OpenAI's: choose a provider that uses Chat Completions.",
    );
  }
  const found = routes.filter((route) => route.path.test(path));
  const route = found.find((one) => one.methods.includes(method));
  if (route) return route.work;
  if (found[0]) throw wrongMethod(found[0].methods);
  throw notFound(
    "There is nothing at this path. This proxy speaks OpenAI's API: its base URL ends in /v1, as in http://127.0.0.1:5101/v1.",
  );
}

function notFound(message: string): ProxyError {
  return new ProxyError(404, message, { code: 'unknown_url' });
}

function wrongMethod(allowed: readonly string[]): ProxyError {
  return new ProxyError(405, 'This method is not supported here.', {
    code: 'method_not_supported',
    headers: { allow: allowed.join(', ') },
  });
}
