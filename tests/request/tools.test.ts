import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSearch, toToolChoice, toTools } from '../../lib/request/tools.ts';

const long = 'n'.repeat(65);
const short = `${'n'.repeat(47)}_c07d98027f536629`;
const noParameters = { parameters: { type: 'object', properties: {} }, strict: false };

const tools: [name: string, tool: unknown, sent: unknown][] = [
  [
    'a function',
    { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true } },
    { type: 'function', name: 'f', description: 'd', parameters: { type: 'object' }, strict: true },
  ],
  [
    'a function without more than its name',
    { type: 'function', function: { name: 'f' } },
    { type: 'function', name: 'f', ...noParameters },
  ],
  [
    'a function with nulls',
    { type: 'function', function: { name: 'f', description: null, parameters: null, strict: null } },
    { type: 'function', name: 'f', ...noParameters },
  ],
  ['a flat function', { type: 'function', name: 'f', strict: true }, { type: 'function', name: 'f', ...noParameters, strict: true }],
  [
    'a function with more fields',
    { type: 'function', name: 'f', function: 'x', defer_loading: true },
    { type: 'function', name: 'f', ...noParameters, defer_loading: true },
  ],
  ['a function without a name', { type: 'function', function: { name: 5 } }, { type: 'function', ...noParameters }],
  ['a function with a long name', { type: 'function', function: { name: long } }, { type: 'function', name: short, ...noParameters }],
  [
    'a custom tool',
    { type: 'custom', custom: { name: 'c', description: 'd', format: { type: 'text' } } },
    { type: 'custom', name: 'c', description: 'd', format: { type: 'text' } },
  ],
  ['a flat custom tool with nulls', { type: 'custom', name: 'c', description: null, format: null }, { type: 'custom', name: 'c' }],
  ['a custom tool with more fields', { type: 'custom', name: 'c', custom: 'x', more: 1 }, { type: 'custom', name: 'c', more: 1 }],
  [
    'a grammar',
    { type: 'custom', custom: { name: 'c', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'x' } } } },
    { type: 'custom', name: 'c', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
  ],
  [
    'a flat grammar',
    { type: 'custom', name: 'c', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
    { type: 'custom', name: 'c', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
  ],
  ['a format that is not an object', { type: 'custom', name: 'c', format: 'x' }, { type: 'custom', name: 'c', format: 'x' }],
  [
    'a grammar that is not an object',
    { type: 'custom', name: 'c', format: { type: 'grammar', grammar: 'x' } },
    { type: 'custom', name: 'c', format: { type: 'grammar', grammar: 'x' } },
  ],
  ['a hosted tool', { type: 'mcp', server_label: 's' }, { type: 'mcp', server_label: 's' }],
  ['what is not a tool', 'x', 'x'],
];
for (const [name, tool, sent] of tools) test(`${name} among the tools`, () => assert.deepEqual(toTools({ tools: [tool] }).tools, [sent]));

test('a deprecated function is a tool, after the others', () => {
  assert.deepEqual(toTools({ functions: [{ name: 'f', type: 'x' }, 'y'], tools: [{ type: 'mcp' }] }).tools, [
    { type: 'mcp' },
    { type: 'function', name: 'f', ...noParameters },
    'y',
  ]);
  assert.equal(toTools({ functions: [{ name: 'f' }] }).tools.length, 1);
});

test('without tools there are none', () => {
  for (const chat of [{}, { tools: null, functions: null, web_search_options: null }, { tools: [] }, { tools: 'x' }]) {
    const { tools: none, names, declared } = toTools(chat);
    assert.deepEqual([none, names.size, declared.size], [[], 0, 0]);
  }
});

test('the names of functions and custom tools are noted as they are sent, with those that differ', () => {
  const { names, declared } = toTools({
    tools: [
      { type: 'function', function: { name: long } },
      { type: 'custom', custom: { name: 'c' } },
      { type: 'mcp', name: 'm' },
    ],
    functions: [{ name: '__proto__' }],
  });
  assert.deepEqual([...declared], [short, 'c', '__proto__']);
  assert.deepEqual([...names], [[short, long]]);
});

const searches: [options: unknown, sent: object[]][] = [
  [{}, [{ type: 'web_search' }]],
  [{ search_context_size: null, user_location: null }, [{ type: 'web_search' }]],
  [{ search_context_size: 'low' }, [{ type: 'web_search', search_context_size: 'low' }]],
  [
    { user_location: { type: 'approximate', approximate: { city: 'Bonn' } } },
    [{ type: 'web_search', user_location: { type: 'approximate', city: 'Bonn' } }],
  ],
  [
    { user_location: { type: 'approximate', city: 'Bonn' } },
    [{ type: 'web_search', user_location: { type: 'approximate', city: 'Bonn' } }],
  ],
  [{ user_location: 'Bonn' }, [{ type: 'web_search', user_location: 'Bonn' }]],
  ['x', []],
];
for (const [web_search_options, sent] of searches)
  test(`web_search_options: ${JSON.stringify(web_search_options)}`, () => assert.deepEqual(toTools({ web_search_options }).tools, sent));

test('a search that is among the tools is not added again', () => {
  for (const type of ['web_search', 'web_search_preview_2025_03_11'])
    assert.deepEqual(toTools({ tools: [{ type }], web_search_options: {} }).tools, [{ type }]);
  assert.equal(toTools({ tools: [{ type: 'function', name: 'web_search' }], web_search_options: {} }).tools.length, 2);
});

test('a web search is known by its type', () => {
  for (const type of ['web_search', 'web_search_preview']) assert.ok(isSearch({ type }));
  for (const tool of [{}, { type: 5 }, { type: 'file_search' }, { type: 'my_web_search' }, null, 'web_search'])
    assert.ok(!isSearch(tool as object));
});

const choices: [choice: unknown, sent: unknown][] = [
  ['auto', 'auto'],
  [undefined, undefined],
  [
    { type: 'function', function: { name: 'f' } },
    { type: 'function', name: 'f' },
  ],
  [
    { type: 'function', name: 'f' },
    { type: 'function', name: 'f' },
  ],
  [{ name: 'f' }, { type: 'function', name: 'f' }],
  [{ function: { name: 'f' } }, { type: 'function', name: 'f' }],
  [{ name: long }, { type: 'function', name: short }],
  [
    { type: 'custom', name: long },
    { type: 'custom', name: short },
  ],
  [
    { type: 'custom', custom: { name: 'c' } },
    { type: 'custom', name: 'c' },
  ],
  [
    { type: 'custom', name: 'c' },
    { type: 'custom', name: 'c' },
  ],
  [{ custom: { name: 'c' } }, { type: 'custom', name: 'c' }],
  [
    { type: 'function', function: {} },
    { type: 'function', function: {} },
  ],
  [{ type: 'web_search_preview' }, { type: 'web_search_preview' }],
  [
    { type: 'mcp', name: 'n', server_label: 's' },
    { type: 'mcp', name: 'n', server_label: 's' },
  ],
  [
    { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'f' } }, { type: 'mcp' }] } },
    { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }, { type: 'mcp' }] },
  ],
  [
    { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'f' }] },
    { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'f' }] },
  ],
];
for (const [choice, sent] of choices)
  test(`the tool choice ${JSON.stringify(choice)?.slice(0, 100)}`, () => assert.deepEqual(toToolChoice(choice), sent));

const parameters = { type: 'object', properties: { a: { type: 'string' } } };
const lax = { type: 'function', name: 'f', parameters, strict: false };

test('what stands beside a nested tool counts if Responses has it, else a note says that it is lost', () => {
  const { tools: sent, notes } = toTools({
    tools: [
      { type: 'function', function: { name: 'f', parameters }, strict: true, defer_loading: true, display: 'F', id: '', hidden: false },
      { type: 'function', description: 'd', function: { name: 'f', parameters, strict: false }, strict: true },
      { type: 'custom', custom: { name: 'c' }, allowed_callers: ['direct'], parameters: { type: 'object' } },
      { function: { name: 'f', parameters } },
    ],
  });
  assert.deepEqual(sent, [
    { ...lax, strict: true, defer_loading: true },
    { ...lax, description: 'd' },
    { type: 'custom', name: 'c', allowed_callers: ['direct'] },
    lax,
  ]);
  assert.deepEqual(notes, ['dropped tools[0].display', 'dropped tools[2].parameters']);
});

test('what a tool itself has goes out as it is', () => {
  const { tools: sent, notes } = toTools({
    tools: [
      { type: 'function', function: { name: 'f', parameters, frob: 1 } },
      { ...lax, frob: 1 },
    ],
  });
  assert.deepEqual(
    [sent, notes],
    [
      [
        { ...lax, frob: 1 },
        { ...lax, frob: 1 },
      ],
      [],
    ],
  );
});

test('a search keeps all that it is asked with', () => {
  const search = (web_search_options: object): object | undefined => toTools({ web_search_options }).tools[0];
  const filters = { allowed_domains: ['lakes.example'] };
  assert.deepEqual(search({ filters, external_web_access: false, search_context_size: 'low' }), {
    type: 'web_search',
    filters,
    external_web_access: false,
    search_context_size: 'low',
  });
  const approximate = { city: 'Bern', country: '', region: null };
  assert.deepEqual(search({ search_context_size: '', user_location: { type: 'approximate', approximate } }), {
    type: 'web_search',
    user_location: { type: 'approximate', city: 'Bern' },
  });
  assert.deepEqual(search({ user_location: { city: 'Bern' } }), {
    type: 'web_search',
    user_location: { type: 'approximate', city: 'Bern' },
  });
  assert.deepEqual(search({ user_location: null }), { type: 'web_search' });
});
