import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { help } from '../../bin/help.ts';

describe('the flags', () => {
  it('are explained in these words', () => {
    assert.equal(
      help,
      `openai-proxy [options]: OpenAI's Responses API for Chat Completions clients.
Port 5101 passes chat completions through; 5102 translates to /v1/responses.
  --port N           listen on N; N,N or repeat for more [5101, 5102 if free]
  --host ADDR        0.0.0.0 for other machines and containers [127.0.0.1, ::1]
  --upstream URL     server behind the proxy [https://api.openai.com/v1]
  --mode MODE        chat, responses, or auto: 5102 is responses [auto]
  --models FILE      models to list, or "upstream" [models.json, built-in]
  --aliases          list effort aliases, too, such as gpt-5:res-high
  --effort LEVEL     effort if the client names none; off adds none [medium]
  --summary KIND     likewise: auto, concise, detailed; off adds none [auto]
  --reasoning STYLE  field, quote, think, off [quote for Xcode, else field]
  --no-web-search    do not add the web_search tool
  --no-memory        do not keep the reasoning of earlier turns
  --no-upgrade       never send a request of chat mode to /v1/responses
  --store URL        keep it in Redis or Valkey, shared: redis://localhost:6379
  --inspect [LOG]    show each request on a web page, or only the file LOG
  --log FILE         write every request and answer to FILE
  --cors ORIGIN      admit only web pages of these origins (comma-separated)
  --max-body MIB     limit of a request body, in MiB [64]
  --quiet            print no line for each request
  --demo             answer from built-in examples; needs no key, no network
  --help, --version
Each has a variable: OPENAI_PROXY_PORT, OPENAI_PROXY_WEB_SEARCH=off and so on.
`,
    );
  });

  it('are all in the help, which fits a small screen', () => {
    const lines = help.split('\n');
    assert.ok(lines.length <= 24 && lines.every((line) => line.length <= 80));
    const flags =
      'port host upstream mode models aliases effort summary no-web-search no-memory no-upgrade reasoning store inspect log cors max-body quiet demo help version';
    for (const flag of flags.split(' ')) assert.match(help, new RegExp(`--${flag}\\b`));
  });
});
