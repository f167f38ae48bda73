import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ProxyError } from '../../lib/error.ts';
import { parseModels, readUpstreamModels } from '../../lib/models/file.ts';
import { modelsFor } from '../../lib/models/filter.ts';

const idsOf = (text: string): string[] => parseModels(text).map((model) => model.id);

describe('models.json', () => {
  it('may be the list object of OpenAI', () => {
    const entry = { id: 'gpt-5', object: 'model', created: 1754524800, owned_by: 'system' };
    assert.deepEqual(parseModels(JSON.stringify({ object: 'list', data: [entry] })), [entry]);
  });

  it('may be an array of ids, which get the keys that the wire needs', () => {
    const [first, second] = parseModels('["gpt-5", "openai/o3:free"]');
    assert.equal(second?.id, 'openai/o3:free');
    assert.equal(first?.object, 'model');
    assert.equal(first?.owned_by, 'openai');
    assert.ok(Number.isInteger(first?.created));
  });

  it('may be an array of objects with a mode; other keys are left out', () => {
    assert.deepEqual(
      parseModels('[{"id":"x","mode":"both","created":1.9,"owned_by":"me","context":4}, {"id":"y","mode":"chat","created":2}]'),
      [
        { id: 'x', object: 'model', created: 1, owned_by: 'me', mode: 'both' },
        { id: 'y', object: 'model', created: 2, owned_by: 'openai', mode: 'chat' },
      ],
    );
  });

  it('may start with a byte order mark, be empty, and repeat itself', () => {
    assert.deepEqual(idsOf('\uFEFF["a"]'), ['a']);
    assert.deepEqual(idsOf('["a\uFEFF"]'), ['a\uFEFF']);
    assert.deepEqual(idsOf('[]'), []);
    assert.deepEqual(
      parseModels('["a", {"id":"a","mode":"both"}, "b"]').map(({ id, mode }) => [id, mode]),
      [
        ['a', undefined],
        ['b', undefined],
      ],
    );
  });

  const wrong: readonly (readonly [text: string, fault: string])[] = [
    ['', 'not valid JSON'],
    ['["a",', 'not valid JSON'],
    ['{}', 'neither an array nor an object with an array `data`'],
    ['{"data":{}}', 'neither an array nor an object with an array `data`'],
    ['null', 'neither an array nor an object with an array `data`'],
    ['"gpt-5"', 'neither an array nor an object with an array `data`'],
    ['["a","b","c",{"name":"d"}]', 'models[3] has no id'],
    ['["a",""]', 'models[1] has no id'],
    ['[null]', 'models[0] has no id'],
    ['[["a"]]', 'models[0] has no id'],
    ['[{"id":5}]', 'models[0] has no id'],
    ['[{"id":"a","mode":"auto"}]', 'models[0].mode must be one of: chat, responses, both'],
    ['[{"id":"a","mode":null}]', 'models[0].mode must be one of: chat, responses, both'],
  ];
  for (const [text, fault] of wrong) {
    it(`is refused with the fault named: ${text || 'an empty file'}`, () => {
      assert.throws(
        () => parseModels(text),
        (error) => error instanceof ProxyError && error.message === fault,
      );
    });
  }

  it('has an example that can be copied', () => {
    const models = parseModels(readFileSync('models.example.json', 'utf8'));
    assert.ok(modelsFor('chat', models).length > 0);
    assert.ok(modelsFor('responses', models).length > 0);
  });
});

describe("an upstream's list", () => {
  it('is taken as it is: entries without an id are left out, a mode is not ours', () => {
    const body = {
      data: [{ id: 'a', created: 5, mode: 'completion', owned_by: null }, { name: 'b' }, 'c', { id: 'd', created: '1', owned_by: 'x' }],
    };
    assert.deepEqual(
      readUpstreamModels(body).map(({ id, mode, owned_by }) => [id, mode, owned_by]),
      [
        ['a', undefined, 'openai'],
        ['c', undefined, 'openai'],
        ['d', undefined, 'x'],
      ],
    );
  });

  it('says when a model shuts down, or nothing about it', () => {
    const dates = ['2027-01-14', '2027-01-14T18:00:00Z', null, undefined, 'soon', '1', '2027-99-99', 1799884800, {}];
    assert.deepEqual(
      readUpstreamModels({ data: dates.map((shutdown_date, at) => ({ id: String(at), shutdown_date })) }).map(({ shutdown }) => shutdown),
      [1799884800, 1799884800, undefined, undefined, undefined, undefined, undefined, undefined, undefined],
    );
    assert.equal(parseModels('[{"id":"a","shutdown_date":"2027-01-14"}]')[0]?.shutdown, undefined, 'a file lists what its owner wants');
  });

  it('must be a list', () => {
    for (const body of [undefined, null, {}, { error: { message: 'no' } }, 'x']) assert.throws(() => readUpstreamModels(body), ProxyError);
  });
});
