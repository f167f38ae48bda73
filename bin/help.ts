export const help = `openai-proxy [options]: OpenAI's Responses API for Chat Completions clients.
Port 5101 passes chat completions through, 5102 turns them into /v1/responses.

  --port N           listen on N; again, or N,N for more [5101, 5102 if free]
  --host ADDR        0.0.0.0 for other machines and containers [127.0.0.1, ::1]
  --upstream URL     [https://api.openai.com/v1]
  --mode MODE        chat, responses, or auto: 5102 is responses [auto]
  --models FILE      models to list; "upstream" asks it [models.json, built-in]
  --aliases          list effort aliases, as in gpt-5:res-high, too
  --effort LEVEL     for requests that name none; off adds none [medium]
  --summary WHAT     of the reasoning: auto, concise, detailed, off [auto]
  --reasoning STYLE  field, quote, think, off [quote for Xcode, else field]
  --no-web-search    do not add the web_search tool
  --no-memory        do not keep reasoning between tool calls
  --no-upgrade       chat mode never uses /v1/responses
  --log FILE         write every request and answer to FILE
  --cors ORIGIN      web pages that may call, separated by commas
  --max-body MIB     limit of a request body [64]
  --quiet            no line for each request
  --demo             answer from examples, without a key and a network
  --help, --version
Each has a variable: OPENAI_PROXY_PORT, OPENAI_PROXY_WEB_SEARCH=off and so on.
`;
