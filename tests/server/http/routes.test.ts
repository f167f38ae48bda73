import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findWork } from '../../../lib/server/http/routes.ts';

describe('what is done for a method and a path', () => {
  const cases: [method: string, path: string, work: string | number][] = [
    ['POST', '/v1/chat/completions', 'completion'],
    ['GET', '/v1/chat/completions', 'forward'],
    ['DELETE', '/v1/chat/completions/chatcmpl-1', 'forward'],
    ['POST', '/v1/responses', 'responses'],
    ['GET', '/v1/responses/resp_1', 'forward'],
    ['GET', '/v1/models', 'models'],
    ['HEAD', '/v1/models', 'models'],
    ['GET', '/v1/models/a/b:c', 'model'],
    ['DELETE', '/v1/models/ft:x', 'forward'],
    ['GET', '/', 'about'],
    ['HEAD', '/v1', 'about'],
    ['GET', '/health', 'about'],
    ['POST', '/v1/embeddings', 'forward'],
    ['PATCH', '/v1/x', 'forward'],
    ['PUT', '/v1/x', 'forward'],
    ['POST', '/v1/messages', 404],
    ['POST', '/v1/messages/count_tokens', 404],
    ['GET', '/v1/messagesx', 'forward'],
    ['GET', '/api/tags', 404],
    ['POST', '/responses', 404],
    ['POST', '/', 405],
    ['POST', '/health', 405],
    ['TRACE', '/v1/models', 405],
    ['OPTIONS', '/v1/models', 405],
    ['PROPFIND', '/', 405],
  ];
  for (const [method, path, work] of cases) {
    it(`${method} ${path}: ${work}`, () => {
      if (typeof work === 'string') assert.equal(findWork(method, path), work);
      else assert.throws(() => findWork(method, path), { name: 'ProxyError', status: work });
    });
  }
});
