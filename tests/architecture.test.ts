import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

/** Who may import whom. A part of lib/ that is not listed here fails. `leaf` are the single files beside index.ts. */
const mayImport: Record<string, string[]> = {
  leaf: [],
  wire: ['leaf'],
  sse: ['leaf', 'wire'],
  models: ['leaf', 'wire'],
  memory: ['leaf', 'wire'],
  request: ['leaf', 'wire', 'sse', 'models', 'memory'],
  answer: ['leaf', 'wire', 'sse', 'models', 'memory'],
  index: ['leaf', 'wire', 'sse', 'models', 'memory', 'request', 'answer'],
  server: ['leaf', 'wire', 'sse', 'models', 'memory', 'request', 'answer'],
  bin: ['leaf', 'wire', 'sse', 'models', 'memory', 'request', 'answer', 'server'],
};
/** Who may import what from outside. */
const outside: Record<string, RegExp> = { server: /^node:|^redis$/, bin: /^node:|^mri$/ };

/** The folders and files of lib/server, lowest first: each imports only from lines above its own, or from its own folder. */
const serverLayers: readonly (readonly string[])[] = [
  ['about', 'byte-text', 'fault', 'settings'],
  ['types'],
  ['secrets'],
  ['http'],
  ['log', 'upstream', 'store', 'demo'],
  ['inspect'],
  ['forward'],
  ['bridge'],
  ['models', 'open-exchange', 'shutdown'],
  ['handler'],
  ['index'],
];
const serverLayer = new Map(serverLayers.flatMap((names, at) => names.map((name) => [name, at] as const)));

/** What has code and no test of its name, and why. A name that ends with a slash stands for all files of the folder. */
const untested: Record<string, string> = {
  'lib/index.ts': 're-exports, through which most tests of the pure folders go',
  'lib/blocks.ts': 'a table, read by request/reasoning-blocks.ts and answer/writer.ts',
  'lib/request/additions/addition.ts': 'types, and a condition of effort.ts and summary.ts',
  'lib/request/cuts/places.ts': 'a table, whose places find-cuts.test.ts looks up',
  'lib/server/inspect/page/': 'the page of the inspector, which the tests in tests/server/inspect/page use in a browser',
};

/** The part that a file belongs to, named by its path from the root: `lib/sse/parse.ts` to `sse`. */
function partOf(file: string): string {
  const [root = '', name = '', below] = file.split('/');
  if (root !== 'lib') return root;
  if (below !== undefined) return name;
  return name === 'index.ts' ? 'index' : 'leaf';
}

/** The folder or file of lib/server that a file belongs to; undefined for one that stands elsewhere. */
function serverPartOf(file: string): string | undefined {
  return /^lib\/server\/(.+?)(?:\/|\.ts$)/.exec(file)?.[1];
}

/** Where the test of a file stands. */
function testOf(file: string): string {
  return `tests/${file.replace(/^lib\//, '').replace(/ts$/, 'test.ts')}`;
}

/** Whether nothing is left of a file when it is compiled. */
function hasTypesOnly(file: string): boolean {
  const compiled = readFileSync(new URL(`../${file.replace(/ts$/, 'js')}`, import.meta.url), 'utf8');
  return compiled.replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, '').trim() === 'export {};';
}

interface Import {
  file: string;
  from: string;
}

function importsOf(file: string): Import[] {
  // The formatter keeps statements at the start of a line, so examples in comments do not count.
  const specifier = /^(?:import|export)[^;]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm;
  return [...readFileSync(file, 'utf8').matchAll(specifier)].map((match) => ({ file, from: match[1] ?? match[2] ?? match[3] ?? '' }));
}

const files = ['lib', 'bin'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.ts')),
);
const imports = files.flatMap(importsOf);
const inside = imports.filter(({ from }) => from.startsWith('.'));
const resolve = ({ file, from }: Import): string => join(file, '..', from).replaceAll('\\', '/');
const shown = (list: Import[]): string[] => list.map(({ file, from }) => `${file} imports ${from}`);

test('every part of the code is read', () => {
  assert.deepEqual([...new Set(files.map(partOf))].toSorted(), Object.keys(mayImport).toSorted());
  assert.deepEqual([...new Set(files.flatMap((file) => serverPartOf(file) ?? []))].toSorted(), [...serverLayer.keys()].toSorted());
  assert.ok(imports.length > files.length, `${files.length} files, ${imports.length} imports`);
});

test('imports run one way', () => {
  const wrong = inside.filter((each) => {
    const [importer, imported] = [partOf(each.file), partOf(resolve(each))];
    return imported === 'index' || !(importer === imported || mayImport[importer]?.includes(imported));
  });
  assert.deepEqual(shown(wrong), []);
});

test('imports run one way in the server, types included', () => {
  const wrong = inside.filter((each) => {
    const [importer, imported] = [serverPartOf(each.file), serverPartOf(resolve(each))];
    if (importer === undefined || imported === undefined || importer === imported) return false;
    return serverLayer.get(importer)! <= serverLayer.get(imported)!;
  });
  assert.deepEqual(shown(wrong), []);
});

test('no files import each other in a circle, types included', () => {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' > '));
    if (way.includes(file) || done.has(file)) return;
    for (const each of inside) if (each.file === file) visit(resolve(each), [...way, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  assert.deepEqual(circles, []);
});

test('only the server and the command reach outside', () => {
  const wrong = imports.filter(({ file, from }) => !from.startsWith('.') && !outside[partOf(file)]?.test(from));
  assert.deepEqual(shown(wrong), []);
});

test('the wire formats, and what parts of the server share, are types only', () => {
  const ofTypes = files.filter((file) => partOf(file) === 'wire' || serverPartOf(file) === 'types');
  assert.deepEqual(
    ofTypes.filter((file) => !hasTypesOnly(file)),
    [],
  );
  const wire = files.filter((file) => partOf(file) === 'wire');
  assert.deepEqual(
    wire.toSorted(),
    ['lib/wire/chat.ts', 'lib/wire/responses.ts'],
    'one file for each of the two formats, and nothing else',
  );
});

test('the test of a file stands where its name says, or there is a reason why it has none', () => {
  const reasonOf = (file: string): string =>
    Object.keys(untested).find((name) => (name.endsWith('/') ? file.startsWith(name) : file === name)) ?? file;
  const without = files.filter((file) => !existsSync(testOf(file))).map(reasonOf);
  const missing = [...new Set(without)].filter((name) => name in untested || !hasTypesOnly(name));
  assert.deepEqual(missing.toSorted(), Object.keys(untested).toSorted());
});
