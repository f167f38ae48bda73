import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isOpenAI, modeOf, toBaseUrl } from '../../lib/server/settings.ts';
import { call, startProxy } from './support.ts';

describe('the mode of a request', () => {
  it('follows the setting, and by itself the port that the client names', async (t) => {
    const modeAt = async (port: number, host: string): Promise<string> =>
      (JSON.parse((await call(port, { path: '/health', headers: { host } })).text) as { mode: string }).mode;
    const auto = await startProxy(t, {});
    assert.equal(await modeAt(auto.port, 'localhost:5102'), 'responses');
    assert.equal(await modeAt(auto.port, 'localhost:5101'), 'chat');
    assert.equal(await modeAt(auto.port, 'proxy'), 'chat');
    const fixed = await startProxy(t, { mode: 'responses' });
    assert.equal(await modeAt(fixed.port, 'localhost:5101'), 'responses');
  });

  it('is that of the listening port where the client names neither of the two', () => {
    const cases: [mode: 'auto' | 'chat' | 'responses', port: number, host: string | undefined, expected: string][] = [
      ['auto', 5102, undefined, 'responses'],
      ['auto', 5102, 'proxy.example', 'responses'],
      ['auto', 5102, 'localhost:8080', 'responses'],
      ['auto', 5102, 'localhost:5101', 'chat'],
      ['auto', 5101, '[::1]:5102', 'responses'],
      ['auto', 5101, undefined, 'chat'],
      ['auto', 8080, 'x5102', 'chat'],
      ['auto', 8080, 'localhost:15102', 'chat'],
      ['chat', 5102, 'localhost:5102', 'chat'],
      ['responses', 5101, undefined, 'responses'],
    ];
    for (const [mode, port, host, expected] of cases) assert.equal(modeOf(mode, port, host), expected, `${mode} ${port} ${host}`);
  });
});

describe('the base URL of an upstream', () => {
  const bases: [given: string, meant: string][] = [
    ['https://api.openai.com', 'https://api.openai.com/v1'],
    ['https://API.openai.com:443/', 'https://api.openai.com/v1'],
    ['http://127.0.0.1:8080/v1', 'http://127.0.0.1:8080/v1'],
    ['http://127.0.0.1:8080/v1/', 'http://127.0.0.1:8080/v1'],
    ['https://x.example/openai/deployments/a%20b/', 'https://x.example/openai/deployments/a%20b'],
    ['https://x.example/a/../b?', 'https://x.example/b'],
  ];
  for (const [given, meant] of bases) it(`${given} is ${meant}`, () => assert.equal(toBaseUrl(given), meant));

  for (const given of [
    '',
    'x',
    'x.example/v1',
    '//x.example',
    'https://',
    'ftp://x',
    'file:///v1',
    'http://u@x',
    'http://:p@x',
    'http://x?a',
    'http://x#a',
  ])
    it(`${given || 'nothing'} is none`, () => assert.equal(toBaseUrl(given), undefined));

  it('is that of OpenAI by its host alone', () => {
    for (const base of ['https://api.openai.com/v1', 'http://api.openai.com:81/x']) assert.ok(isOpenAI(base), base);
    for (const base of ['https://eu.api.openai.com/v1', 'https://api.openai.com.example/v1', 'http://127.0.0.1/api.openai.com'])
      assert.ok(!isOpenAI(base), base);
  });
});
