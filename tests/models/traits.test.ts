import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { effortLevels, nearestEffort, takesSampling, traitsOf } from '../../lib/models/traits.ts';
import type { Effort, Traits } from '../../lib/models/traits.ts';

/** name; reasoning effort levels by their initials (`-` none known); default; flags. */
type Row = readonly [name: string, efforts: string, defaultEffort: Effort | undefined, flags: string];

const initials: Record<Effort, string> = { none: '0', minimal: 'm', low: 'L', medium: 'M', high: 'H', xhigh: 'X', max: '!' };
const flagNames = {
  chatOnly: 'chat',
  responsesOnly: 'responses',
  known: 'known',
  reasoning: 'reasons',
  webSearch: 'web',
  summaries: 'summary',
  encryptedReasoning: 'encrypted',
  toolsNeedResponses: 'tools',
  phases: 'phases',
} as const satisfies Partial<Record<keyof Traits, string>>;

const reasons = 'known reasons web summary encrypted';
const reasonsWithoutWeb = 'known reasons summary encrypted';
const only = 'responses known reasons web summary encrypted';

const table: readonly Row[] = [
  ['gpt-3.5-turbo', '-', undefined, 'known'],
  ['gpt-3.5-turbo-0125', '-', undefined, 'known'],
  ['gpt-4', '-', undefined, 'known'],
  ['gpt-4-turbo-2024-04-09', '-', undefined, 'known'],
  ['gpt-4-0125-preview', '-', undefined, 'known'],
  ['gpt-4.5-preview', '-', undefined, 'known'],
  ['gpt-4o', '-', undefined, 'known web'],
  ['gpt-4o-2024-08-06', '-', undefined, 'known web'],
  ['gpt-4o-mini-2024-07-18', '-', undefined, 'known web'],
  ['gpt-4.1', '-', undefined, 'known web'],
  ['gpt-4.1-mini-2025-04-14', '-', undefined, 'known web'],
  ['gpt-4.1-nano', '-', undefined, 'known'],
  ['chatgpt-4o-latest', '-', undefined, 'known'],

  ['gpt-4o-search-preview', '-', undefined, 'chat known'],
  ['gpt-4o-mini-search-preview-2025-03-11', '-', undefined, 'chat known'],
  ['gpt-5-search-api', '-', undefined, 'chat known'],
  ['gpt-5-search-api-2025-10-14', '-', undefined, 'chat known'],
  ['gpt-4o-audio-preview-2025-06-03', '-', undefined, 'chat known'],
  ['gpt-audio-1.5', '-', undefined, 'chat known'],
  ['o1-mini', '-', undefined, 'chat known'],
  ['o1-preview-2024-09-12', '-', undefined, 'chat known'],
  ['gpt-3.5-turbo-instruct', '-', undefined, 'chat known'],

  ['gpt-5-chat-latest', '-', undefined, 'known'],
  ['gpt-5.1-chat-latest', 'M', 'medium', 'known reasons summary'],
  ['gpt-5.2-chat-latest', 'M', 'medium', 'known reasons summary'],
  ['gpt-5.3-chat-latest', 'M', 'medium', 'known reasons summary phases'],
  ['chat-latest', 'M', 'medium', 'known reasons summary'],

  ['o1', 'LMH', 'medium', reasonsWithoutWeb],
  ['o1-2024-12-17', 'LMH', 'medium', reasonsWithoutWeb],
  ['o3-mini', 'LMH', 'medium', reasonsWithoutWeb],
  ['o3', 'LMH', 'medium', reasons],
  ['o3-2025-04-16', 'LMH', 'medium', reasons],
  ['o4-mini', 'LMH', 'medium', reasons],
  ['o1-pro-2025-03-19', 'LMH', 'medium', 'responses known reasons summary encrypted'],
  ['o3-pro', 'LMH', 'medium', only],
  ['o3-deep-research', 'M', 'medium', only],
  ['o4-mini-deep-research-2025-06-26', 'M', 'medium', only],
  ['computer-use-preview-2025-03-11', '-', undefined, 'responses known reasons summary encrypted'],

  ['gpt-5', 'mLMH', 'medium', reasons],
  ['gpt-5-2025-08-07', 'mLMH', 'medium', reasons],
  ['gpt-5-mini', 'mLMH', 'medium', reasons],
  ['gpt-5-nano-2025-08-07', 'mLMH', 'medium', reasons],
  ['gpt-5-codex', 'LMH', 'medium', only],
  ['gpt-5.1-codex', 'LMH', 'medium', only],
  ['gpt-5.1-codex-mini', 'LMH', 'medium', only],
  ['gpt-5.1-codex-max', 'LMHX', 'medium', only],
  ['gpt-5.2-codex', 'LMHX', 'medium', only],
  ['gpt-5.3-codex', '0LMHX', 'none', `${only} phases`],
  ['gpt-5.3-codex-spark', 'LMHX', 'medium', `${only} phases`],
  ['codex-mini-latest', 'LMH', 'medium', 'responses known reasons summary encrypted'],
  ['gpt-5-pro', 'H', 'high', only],
  ['gpt-5-pro-2025-10-06', 'H', 'high', only],
  ['gpt-5.2-pro', 'MHX', undefined, only],
  ['gpt-5.4-pro', 'MHX', undefined, `${only} tools phases`],
  ['gpt-5.5-pro-2026-04-23', 'MHX', undefined, `${only} tools phases`],
  ['gpt-5.1', '0LMH', 'none', reasons],
  ['gpt-5.1-2025-11-13', '0LMH', 'none', reasons],
  ['gpt-5.2', '0LMHX', 'none', reasons],
  ['gpt-5.4', '0LMHX', 'none', `${reasons} tools phases`],
  ['gpt-5.4-mini-2026-03-17', '0LMHX', 'none', `${reasons} tools phases`],
  ['gpt-5.4-nano', '0LMHX', 'none', `${reasons} tools phases`],
  ['gpt-5.5', '0LMHX', 'medium', `${reasons} tools phases`],
  ['gpt-5.6', '0LMHX!', 'medium', `${reasons} tools phases`],
  ['gpt-5.6-sol', '0LMHX!', 'medium', `${reasons} tools phases`],
  ['gpt-5.6-terra', '0LMHX!', 'medium', `${reasons} tools phases`],
  ['gpt-5.6-luna', '0LMHX!', 'medium', `${reasons} tools phases`],
  ['gpt-6-sol', '0LMHX!', 'medium', `${reasons} tools phases`],
  ['gpt-6-luna', '0LMHX!', 'medium', `${reasons} tools phases`],
  ['gpt-6-astra', 'LMHX!', 'medium', `${reasons} tools phases`],
  ['gpt-6.1-sol', 'LMHX!', 'medium', `${reasons} tools phases`],
  ['gpt-6.1-terra', '0LMHX!', 'medium', `${reasons} tools phases`],
  ['gpt-5.6-cyber', '-', undefined, 'responses'],
  ['gpt-6-rosalind', '-', undefined, 'responses'],
  ['gpt-daybreak-blue-latest', '0LMHX!', undefined, 'responses known reasons summary encrypted'],
  ['gpt-daybreak-red-latest', '0LMHX!', undefined, 'responses known reasons summary encrypted'],

  // Models that do not exist yet.
  ['gpt-5.10', '0LMHX!', 'medium', `${reasons} tools phases`],
  ['gpt-7', '0LMHX!', 'medium', `${reasons} tools phases`],
  ['gpt-10.3-mini-2030-01-01', '0LMHX!', 'medium', `${reasons} tools phases`],
  ['gpt-7.2-codex', '0LMHX', 'none', `${only} tools phases`],
  ['gpt-7-pro', 'MHX', undefined, `${only} tools phases`],
  ['gpt-6-sol-pro', 'MHX', undefined, `${only} tools phases`],
  ['gpt-7-chat-latest', 'M', 'medium', 'known reasons summary tools phases'],
  ['gpt-7-search-api', '-', undefined, 'chat known'],
  ['o5', 'LMH', 'medium', reasons],
  ['o5-mini-2027-02-03', 'LMH', 'medium', reasons],
  ['o5-pro', 'LMH', 'medium', only],

  // Names in other clothes.
  ['openai/gpt-5.1', '0LMH', 'none', reasons],
  ['OpenAI/GPT-4.1-Mini', '-', undefined, 'known web'],
  ['ft:gpt-4.1-mini-2025-04-14:org:name:id', '-', undefined, 'known web'],
  ['ft:gpt-4o:org/team::id', '-', undefined, 'known web'],
  ['openai/gpt-5.6-terra:batch', '0LMHX!', 'medium', `${reasons} tools phases`],
  ['gpt-5:res-high', 'mLMH', 'medium', reasons],

  // Names with more behind them.
  ['o1-mini-x', 'LMH', 'medium', reasons],
  ['o1-preview-x', 'LMH', 'medium', reasons],
  ['o1-x', 'LMH', 'medium', reasons],
  ['o3-mini-x', 'LMH', 'medium', reasons],
  ['o1-pro-x', 'LMH', 'medium', reasons],
  ['o3-pro-x', 'LMH', 'medium', reasons],
  ['o3-2025-04-16-pro', 'LMH', 'medium', reasons],
  ['o3-gpt-5.4', 'LMH', 'medium', reasons],
  ['o3-deep-research-x', 'LMH', 'medium', reasons],
  ['gpt-4.1-mini-x', '-', undefined, 'known'],
  ['gpt-5-pro-x', 'mLMH', 'medium', reasons],
  ['gpt-5.4-pro-x', '0LMHX', 'none', `${reasons} tools phases`],
  ['gpt-5-deep-research', 'M', 'medium', only],
  ['gpt-5.0-chat-latest', '-', undefined, 'known'],
  ['gpt-6.5-astra', 'LMHX!', 'medium', `${reasons} tools phases`],
  ['o10', 'LMH', 'medium', reasons],
  ['o10-pro', 'LMH', 'medium', only],

  // Names with more before them.
  ['my-gpt-4o-audio-preview', '-', undefined, ''],
  ['my-o1-mini', '-', undefined, ''],
  ['my-gpt-4o', '-', undefined, ''],
  ['my-gpt-4', '-', undefined, ''],
  ['my-chatgpt-4o', '-', undefined, ''],
  ['my-codex-mini', '-', undefined, 'responses'],
  ['my-o3-deep-research', '-', undefined, ''],
  ['my-computer-use-preview', '-', undefined, ''],
  ['my-gpt-daybreak', '-', undefined, ''],
  ['my-o1-pro', '-', undefined, ''],
  ['my-o3-pro', '-', undefined, ''],
  ['my-o1', '-', undefined, ''],
  ['my-o3-mini', '-', undefined, ''],
  ['my-o3', '-', undefined, ''],
  ['my-gpt-5', '-', undefined, ''],

  // Of nobody that we know.
  ['gpt-oss-120b', '-', undefined, ''],
  ['gpt-oss:20b', '-', undefined, ''],
  ['chat-latest-2', '-', undefined, ''],
  ['llama3:8b', '-', undefined, ''],
  ['google/gemini-2.5-pro', '-', undefined, ''],
  ['perplexity/sonar-deep-research', '-', undefined, ''],
  ['meta-llama/llama-3.3-70b-instruct', '-', undefined, ''],
  ['my-codex', '-', undefined, 'responses'],
  ['gpt-5..6', '-', undefined, ''],
  ['o', '-', undefined, ''],
  ['openrouter/auto', '-', undefined, ''],
  ['__proto__', '-', undefined, ''],
  ['', '-', undefined, ''],
];

describe('what a model takes', () => {
  for (const [name, efforts, defaultEffort, flags] of table) {
    it(`is known by the name ${JSON.stringify(name)}`, () => {
      const traits = traitsOf(name);
      assert.equal(traits.efforts?.map((one) => initials[one]).join('') ?? '-', efforts);
      assert.equal(traits.defaultEffort, defaultEffort);
      const set = Object.entries(flagNames).filter(([key]) => traits[key as keyof typeof flagNames]);
      assert.equal(set.map(([, flag]) => flag).join(' '), flags);
    });
  }

  it('has its levels in ascending order, and the default among them', () => {
    for (const [name] of table) {
      const { efforts, defaultEffort } = traitsOf(name);
      if (!efforts) continue;
      assert.deepEqual(
        efforts,
        effortLevels.filter((one) => efforts.includes(one)),
      );
      if (defaultEffort) assert.ok(efforts.includes(defaultEffort), name);
    }
  });

  it('is not known for a name of any length, and many names change nothing', () => {
    assert.equal(traitsOf(`gpt-5-${'x'.repeat(250)}`).known, true);
    assert.equal(traitsOf(`gpt-5-${'x'.repeat(251)}`).known, false);
    for (let count = 0; count < 5000; count++) traitsOf(`gpt-5-mini-${count}`);
    assert.equal(traitsOf('gpt-5').known, true);
    assert.equal(traitsOf('gpt-5'), traitsOf('gpt-5'));
  });
});

describe('the cache of names', () => {
  it('holds 1000 of them', () => {
    let names = 0;
    const askForOthers = (count: number): void => {
      for (let n = 0; n < count; n += 1) traitsOf(`gpt-5-${(names += 1)}`);
    };
    askForOthers(1000);
    const traits = traitsOf('gpt-5');
    askForOthers(999);
    assert.equal(traitsOf('gpt-5'), traits);
    askForOthers(1);
    assert.notEqual(traitsOf('gpt-5'), traits);
  });
});

describe('sampling parameters', () => {
  const cases: readonly (readonly [string, Effort | undefined, boolean])[] = [
    ['gpt-4.1', undefined, true],
    ['gpt-4.1', 'high', true],
    ['gpt-oss-120b', undefined, true],
    ['gpt-5', undefined, false],
    ['gpt-5', 'minimal', false],
    ['gpt-5.1', undefined, true],
    ['gpt-5.1', 'low', false],
    ['gpt-5.4-mini', undefined, true],
    ['gpt-5.5', undefined, false],
    ['gpt-5.5', 'none', true],
    ['gpt-5.5-pro', undefined, false],
    ['o3', 'low', false],
    ['gpt-5-chat-latest', undefined, true],
    ['chat-latest', undefined, false],
    ['gpt-5.3-chat-latest', undefined, false],
    ['gpt-5.3-codex', undefined, true],
    ['gpt-5.3-codex', 'none', true],
    ['gpt-5.3-codex', 'low', false],
    ['gpt-5.3-codex-spark', undefined, false],
    ['gpt-daybreak-red-latest', undefined, false],
    ['gpt-daybreak-red-latest', 'none', true],
  ];
  for (const [model, effort, taken] of cases) {
    it(`are ${taken ? 'taken' : 'refused'} by ${model} at effort ${effort ?? 'unset'}`, () => {
      assert.equal(takesSampling(traitsOf(model), effort), taken);
    });
  }
});

describe('the nearest effort', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['medium', 'gpt-5', 'medium'],
    ['medium', 'gpt-5-pro', 'high'],
    ['none', 'gpt-5', 'minimal'],
    ['none', 'gpt-6-astra', 'low'],
    ['minimal', 'gpt-5.1', 'none'],
    ['minimal', 'o3', 'low'],
    ['xhigh', 'gpt-5', 'high'],
    ['max', 'gpt-5.5', 'xhigh'],
    ['low', 'o3-deep-research', 'medium'],
    ['high', 'gpt-4.1', 'high'],
    ['enormous', 'gpt-5', 'enormous'],
  ];
  for (const [level, model, nearest] of cases) {
    it(`to ${level} is ${nearest} for ${model}`, () => {
      assert.equal(nearestEffort(level, traitsOf(model).efforts), nearest);
    });
  }

  it('is the lower one of two that are as near, in whatever order they stand', () => {
    assert.equal(nearestEffort('medium', ['high', 'low']), 'low');
    assert.equal(nearestEffort('medium', ['low', 'high']), 'low');
    assert.equal(nearestEffort('medium', []), 'medium');
  });
});

describe('the lowest effort', () => {
  for (const [model, lowest] of [
    ['gpt-5', 'minimal'],
    ['gpt-5.1', 'none'],
    ['gpt-6-luna', 'none'],
    ['gpt-6.1-sol', 'low'],
    ['o3', 'low'],
    ['gpt-5-pro', 'high'],
    ['gpt-4.1', undefined],
  ] as const) {
    it(`of ${model} is ${lowest ?? 'not known'}`, () => {
      assert.equal(traitsOf(model).efforts?.[0], lowest);
    });
  }
});

describe('the pro mode and breakpoints of the cache', () => {
  for (const [model, has] of [
    ['gpt-5.6-sol', true],
    ['openai/gpt-5.6-luna-2026-08-01', true],
    ['gpt-6-astra', true],
    ['gpt-5.5', false],
    ['gpt-5.3-codex', false],
    ['gpt-4.1', false],
    ['o3', false],
    ['qwen3', false],
  ] as const) {
    it(`${has ? 'are' : 'are not'} there for ${model}`, () => {
      assert.deepEqual([traitsOf(model).proMode, traitsOf(model).cacheBreakpoints], [has, has]);
    });
  }
});
