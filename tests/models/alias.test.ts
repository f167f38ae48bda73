import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ProxyError } from '../../lib/error.ts';
import { aliasesOf, parseAlias } from '../../lib/models/alias.ts';
import type { Alias } from '../../lib/models/alias.ts';
import { effortLevels, traitsOf } from '../../lib/models/traits.ts';

describe('an alias', () => {
  const aliases: readonly (readonly [string, Alias])[] = [
    ['gpt-5:res-high', { model: 'gpt-5', effort: 'high' }],
    ['gpt-5.1-codex:res-high:sum-none', { model: 'gpt-5.1-codex', effort: 'high', summary: 'none' }],
    ['openai/gpt-5:res-low:sum-detailed', { model: 'openai/gpt-5', effort: 'low', summary: 'detailed' }],
    ['ft:gpt-4o:org::id:res-low', { model: 'ft:gpt-4o:org::id', effort: 'low' }],
    ['llama3:8b:res-max', { model: 'llama3:8b', effort: 'max' }],
    ['gpt-5.6-sol:mode-pro', { model: 'gpt-5.6-sol', mode: 'pro' }],
    ['gpt-5.6-sol:res-high:mode-pro', { model: 'gpt-5.6-sol', effort: 'high', mode: 'pro' }],
    ['gpt-5.6-sol:res-high:sum-none:mode-pro', { model: 'gpt-5.6-sol', effort: 'high', summary: 'none', mode: 'pro' }],
    ['gpt-5.6-sol:res-high:mode-pro:sum-none', { model: 'gpt-5.6-sol', effort: 'high', summary: 'none', mode: 'pro' }],
    ['gpt-5.6-sol:mode-pro:res-high', { model: 'gpt-5.6-sol', effort: 'high', mode: 'pro' }],
    ['gpt-5.6-sol:sum-none:mode-pro', { model: 'gpt-5.6-sol', summary: 'none', mode: 'pro' }],
    ['gpt-5:res-low:res-high', { model: 'gpt-5:res-low', effort: 'high' }],
  ];
  for (const [name, parts] of aliases) {
    it(`is ${name}`, () => assert.deepEqual(parseAlias(name), parts));
  }

  for (const level of effortLevels) {
    it(`may ask for ${level}`, () => assert.equal(parseAlias(`gpt-5:res-${level}`).effort, level));
  }

  const others = [
    'gpt-5',
    'ft:gpt-4o:org::id',
    'ft:gpt-4o:org:res-team:id',
    'gpt-5:res-high:free',
    'gpt-5:sum-none',
    'gpt-5:sum-none:res-high:x',
    ':res-high',
    'res-high',
    'gpt-5-res-high',
    'gpt-5-mode-pro',
    ':mode-pro',
    'gpt-5:mode-pro:free',
    '',
  ];
  for (const name of others) {
    it(`is not ${JSON.stringify(name)}`, () => assert.deepEqual(parseAlias(name), { model: name }));
  }

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['gpt-5:res-huge', /effort .* none, minimal, low, medium, high, xhigh, max/],
    ['gpt-5:res-', /effort .* none, minimal, low/],
    ['gpt-5:res-HIGH', /effort .* none, minimal, low/],
    ['gpt-5:res-high:sum-loud', /summary .* auto, concise, detailed, none/],
    ['gpt-5:res-huge:sum-auto', /effort .* none, minimal, low/],
    ['gpt-5.6-sol:mode-fast', /mode .* one of: pro\.$/],
    ['gpt-5.6-sol:res-high:mode-', /mode .* one of: pro\.$/],
  ];
  for (const [name, levels] of wrong) {
    it(`with a level that does not exist is refused, and the levels are listed: ${name}`, () => {
      assert.throws(
        () => parseAlias(name),
        (error) => {
          assert.ok(error instanceof ProxyError);
          assert.deepEqual([error.status, error.code, error.param], [400, 'invalid_value', 'model']);
          return levels.test(error.message);
        },
      );
    });
  }

  it('is listed for each level and mode of the model', () => {
    assert.deepEqual(aliasesOf('gpt-5', traitsOf('gpt-5')), ['gpt-5:res-minimal', 'gpt-5:res-low', 'gpt-5:res-medium', 'gpt-5:res-high']);
    assert.deepEqual(aliasesOf('gpt-4.1', traitsOf('gpt-4.1')), []);
    assert.deepEqual(aliasesOf('gpt-5:res-high', traitsOf('gpt-5:res-high')), []);
    assert.deepEqual(aliasesOf('gpt-5.6-sol:mode-pro', traitsOf('gpt-5.6-sol:mode-pro')), []);
    assert.deepEqual(aliasesOf('gpt-6-astra', traitsOf('gpt-6-astra')).slice(-2), ['gpt-6-astra:res-max', 'gpt-6-astra:mode-pro']);
  });
});
