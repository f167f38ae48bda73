import type { ServerResponse } from 'node:http';
import { wholeResponse } from '../bridge-support.ts';
import { scriptedUpstream, type Context, type Upstream } from '../support.ts';

/** What OpenAI says on Chat Completions of what needs /v1/responses: status, param and message. */
export const refusals = {
  'function tools with reasoning': [
    400,
    'reasoning_effort',
    "Function tools with reasoning_effort are not supported for gpt-5.6-terra in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.",
  ],
  'a model of the Responses API': [404, 'model', 'This model is only supported in v1/responses and not in v1/chat/completions.'],
  'a model that is no chat model': [
    404,
    'model',
    'This is not a chat model and thus not supported in the v1/chat/completions endpoint. Did you mean to use v1/completions?',
  ],
} as const;

export const errorBody = (message: string, param: string): string =>
  JSON.stringify({ error: { message, type: 'invalid_request_error', param, code: null } }, null, 2);

/** What /v1/responses answers. */
export const served: object = wholeResponse('bridged');

/** An upstream that refuses on Chat Completions, and serves on /v1/responses. */
export function refusing(t: Context, status: number, body: string): Promise<Upstream> {
  return scriptedUpstream(t, (answer: ServerResponse, { url }) => {
    if (url === '/v1/responses') answer.setHeader('content-type', 'application/json').end(JSON.stringify(served));
    else answer.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
}
