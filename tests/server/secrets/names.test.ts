import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isCredentialMember, isCredentialName } from '../../../lib/server/secrets/names.ts';

const credentials = `
  authorization Authorization AUTHORIZATION proxy-authorization x-api-key X-API-Key API-KEY apiKey api_key apikey x-auth
  x-auth-token X-Access-Token x-functions-key x-litellm-key x-master-key x-pass x-credential x-jwt x-session helicone-auth
  x-vercel-protection-bypass cf-access-jwt-assertion x-amz-security-token x-goog-api-key authentication x-user-key
  x-api-keys x-portkey-virtual-key openai-ephemeral-user-key x-bf-vk Ocp-Apim-Subscription-Key Private-Token token
  password client_secret Cookie set-cookie X-Amz-Signature X-Amz-Credential access_token refreshToken secretAccessKey
  passwd db_pwd privateKey x-csrf-token
`
  .trim()
  .split(/\s+/);
const plain = `
  idempotency-key prompt_cache_key sec-websocket-key max_tokens max_completion_tokens x-ratelimit-remaining-tokens
  total_tokens session_id session-id x-session-id key_id token_count author authority user-agent x-request-id
  openai-organization openai-project openai-beta content-type keyboard monkey compass tokenizer signal pattern primary_key
  public-key www-authenticate via passes
`
  .trim()
  .split(/\s+/)
  .concat('x'.repeat(200));

describe('a header or a query parameter is a credential by its name', () => {
  for (const name of [...credentials, 'key', 'sig', 'session']) it(name, () => assert.equal(isCredentialName(name), true));
  for (const name of plain) it(`not ${name.slice(0, 40)}`, () => assert.equal(isCredentialName(name), false));
});

describe('a member of JSON is a credential by its name', () => {
  for (const name of credentials) it(name, () => assert.equal(isCredentialMember(name), true));
  for (const name of [...plain, 'key', 'keys', 'pass', 'session'])
    it(`not ${name.slice(0, 40)}`, () => assert.equal(isCredentialMember(name), false));
});
