import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

/** Who may import whom. A part of lib/ that is not listed here fails. `leaf` are the single files beside index.ts, which import nothing. */
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
const outside: Record<string, RegExp> = { server: /^node:/, bin: /^node:|^mri$/ };

/** The part that a file belongs to, named by its path from the root: `lib/sse/parse.ts` to `sse`. */
function partOf(file: string): string {
  const [root = '', name = '', below] = file.split('/');
  if (root !== 'lib') return root;
  if (below !== undefined) return name;
  return name === 'index.ts' ? 'index' : 'leaf';
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
const resolve = ({ file, from }: Import): string => join(file, '..', from).replaceAll('\\', '/');
const shown = (list: Import[]): string[] => list.map(({ file, from }) => `${file} imports ${from}`);

test('every part of the code is read', () => {
  assert.deepEqual([...new Set(files.map(partOf))].toSorted(), Object.keys(mayImport).toSorted());
  assert.ok(imports.length > files.length, `${files.length} files, ${imports.length} imports`);
});

test('imports run one way', () => {
  const wrong = imports.filter((each) => {
    if (!each.from.startsWith('.')) return false;
    const [importer, imported] = [partOf(each.file), partOf(resolve(each))];
    return imported === 'index' || importer === 'leaf' || !(importer === imported || mayImport[importer]?.includes(imported));
  });
  assert.deepEqual(shown(wrong), []);
});

test('only the server and the command reach outside', () => {
  const wrong = imports.filter(({ file, from }) => !from.startsWith('.') && !outside[partOf(file)]?.test(from));
  assert.deepEqual(shown(wrong), []);
});

test('the wire formats are types only', () => {
  const wire = files.filter((file) => partOf(file) === 'wire');
  assert.notEqual(wire.length, 0);
  for (const file of wire) {
    const compiled = readFileSync(new URL(`../${file.replace(/ts$/, 'js')}`, import.meta.url), 'utf8');
    assert.equal(compiled.replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, '').trim(), 'export {};', file);
  }
});
