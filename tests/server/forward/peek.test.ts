import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { modelIn, usageIn } from '../../../lib/server/forward/peek.ts';

describe('the model of a request that passes as bytes', () => {
  const cases: [string, string | undefined][] = [
    ['{"model":"gpt-5","messages":[]}', 'gpt-5'],
    ['{ "messages": [{"content":"say \\"model\\":\\"x\\""}], "model" : "gpt-5" }', 'gpt-5'],
    ['{"model":5}', undefined],
    ['{"model":"a\\u0041"}', undefined],
    [`{"model":"${'x'.repeat(300)}"}`, undefined],
    ['{"model"', undefined],
    ['no json', undefined],
    ['', undefined],
  ];
  for (const [body, model] of cases) it(JSON.stringify(body.slice(0, 60)), () => assert.equal(modelIn(Buffer.from(body)), model));
});

describe('the usage of an answer that passes as bytes', () => {
  const chat =
    '"usage":{"prompt_tokens":10,"completion_tokens":20,"prompt_tokens_details":{"cached_tokens":3},"completion_tokens_details":{"reasoning_tokens":4}}';
  const responses =
    '"usage": {"input_tokens": 10, "input_tokens_details": {"cached_tokens": 3}, "output_tokens": 20, "output_tokens_details": {"reasoning_tokens": 4}}';
  const found = { input: 10, output: 20, cached: 3, reasoning: 4 };
  const cases: [what: string, pieces: string[], usage: object | undefined][] = [
    ['a completion', [`{"choices":[],${chat},"service_tier":"default"}`], found],
    ['a Response', [`{"output":[],${responses},"user":null}`], found],
    ['a stream', [`data: {"usage":null}\n\ndata: {"choices":[],${chat}}\n\n`, 'data: [DONE]\n\n'], found],
    ['a stream with usage in every chunk', [`data: {${chat.replaceAll(/\d+/g, '1')}}\n\n`, `data: {${chat}}\n\n`], found],
    ['usage that is cut through', [`data: {${chat.slice(0, 50)}`, `${chat.slice(50)}}\n\n`], found],
    ['a long answer', [`${'x'.repeat(100_000)},${chat}}`], found],
    ['no usage', ['data: {"usage":null}\n\n', 'data: [DONE]\n\n'], undefined],
    ['an embedding, which has no output', ['{"usage":{"prompt_tokens":5,"total_tokens":5}}'], undefined],
    ['nothing', [], undefined],
  ];
  for (const [what, pieces, usage] of cases) it(what, () => assert.deepEqual(usageIn(pieces.map((piece) => Buffer.from(piece))), usage));
});
