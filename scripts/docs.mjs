// Writes docs/api.md from the docstrings in the built declarations, and the table of request fields in docs/how-it-works.md; with --check it
// only reports whether they are up to date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fields } from '../dist/lib/request/fields.js';

const PAGE = 'docs/api.md';
const GUIDE = 'docs/how-it-works.md';
const ENTRIES = [
  [
    'openai-proxy',
    'dist/lib/index.d.ts',
    'Pure functions: no `node:` import, no input or output, no clock. They run in Node, browsers, workers, Bun and Deno.',
  ],
  ['openai-proxy/server', 'dist/lib/server/index.d.ts', 'The server, for Node.js 20 or later.'],
];

/** The exported declarations of a file, each with the comment above it: name → { doc, code }. */
function declarationsOf(file) {
  const found = new Map();
  let doc = [];
  let code = [];
  let depth = 0;
  let inComment = false;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const isComment = inComment || line.trimStart().startsWith('/**');
    if (isComment) inComment = !line.includes('*/');
    if (code.length === 0 && isComment) {
      if (line.startsWith('/**')) doc = [];
      doc.push(line);
      continue;
    }
    if (code.length === 0 && !/^export (declare|interface|type \w+ =|type \w+<)/.test(line)) {
      doc = [];
      continue;
    }
    code.push(line);
    if (!isComment) for (const char of line) depth += '{[('.includes(char) ? 1 : '}])'.includes(char) ? -1 : 0;
    if (depth > 0 || isComment || !/[;}]$/.test(line)) continue;
    const [, name] = /^export (?:declare )?(?:function|class|const|interface|type) (\w+)/.exec(code[0]);
    found.set(name, { doc: textOf(doc), code: code.join('\n').replace(/^export (declare )?/, '') });
    doc = [];
    code = [];
  }
  return found;
}

/** What an entry exports, in its order; what it re-exports is looked up where it is declared. */
function exportsOf(file) {
  const all = [...declarationsOf(file)];
  const source = readFileSync(file, 'utf8').replace(/\/\*[^]*?\*\//g, '');
  for (const [, names, path] of source.matchAll(/^export (?:type )?(\*|\{[^}]*\}) from '(\.[^']+)\.ts';/gm)) {
    const declared = declarationsOf(join(file, '..', `${path}.d.ts`));
    if (names === '*') all.push(...declared);
    else for (const [name] of names.replaceAll(/\btype /g, '').matchAll(/\w+/g)) all.push([name, declared.get(name)]);
  }
  for (const [name, declaration] of all) if (!declaration) throw new Error(`${file} exports ${name}, which is not declared`);
  return all;
}

/** A comment as Markdown; tags become a list. */
function textOf(comment) {
  const lines = comment.map((line) =>
    line
      .trim()
      .replace(/^\/\*\*\s?|\s*\*\/$|^\*\s?/g, '')
      .replace(/\s*\*\/$/, ''),
  );
  return lines
    .join('\n')
    .trim()
    .replaceAll(/\n*^@throws (.*)/gm, '\n- Throws $1')
    .replaceAll(/\n*^@returns (.*)/gm, '\n- Returns $1')
    .replaceAll(/\n*^@param ([\w.]+) +(?:- )?(.*)/gm, '\n- `$1`: $2')
    .replace(/\n- /, '\n\n- ');
}

const isCode = ([, { code }]) => /^(function|class|const)/.test(code);

const anchors = new Map();
/** The anchor of the next heading with this name, as GitHub makes it. */
function anchor(name) {
  const times = anchors.get(name) ?? 0;
  anchors.set(name, times + 1);
  return name.toLowerCase() + (times ? `-${times}` : '');
}

const section = ([name, { doc, code }]) => `### ${name}\n\n${doc ? `${doc}\n\n` : ''}\`\`\`ts\n${code.replaceAll('    ', '  ')}\n\`\`\`\n`;
const links = (all) => all.map(([name]) => `[${name}](#${anchor(name)})`).join(' · ');

const parts = ENTRIES.map(([entry, file, what]) => {
  const all = exportsOf(file);
  const sorted = [...all.filter(isCode), ...all.filter((one) => !isCode(one))];
  const functions = links(all.filter(isCode));
  const types = links(all.filter((one) => !isCode(one)));
  return `## ${entry}\n\n${what}\n\nValues: ${functions}\n\nTypes: ${types}\n\n${sorted.map(section).join('\n')}`;
});
const page = `# API

\`npm run docs\` generates this page from the docstrings: change those, not this page. [Library](library.md) has examples.

${parts.join('\n')}`;

/** The table of request fields, one row for all that the same becomes of. */
function fieldTable() {
  const names = new Map();
  for (const { name, effect } of fields.values()) names.set(effect, [...(names.get(effect) ?? []), `\`${name}\``]);
  const rows = [...names].map(([effect, list]) => `| ${list.join(', ')} | ${effect} |`);
  return ['| field of the request | on port 5102 |', '|---|---|', ...rows].join('\n');
}

const guide = readFileSync(GUIDE, 'utf8');
const between = /(?<=^<!-- fields:start -->\n\n)[^]*(?=\n\n<!-- fields:end -->$)/m;
if (!between.test(guide)) throw new Error(`${GUIDE} has no place for the table of fields`);

for (const [path, text] of [
  [PAGE, page],
  [GUIDE, guide.replace(between, fieldTable)],
]) {
  if (!process.argv.includes('--check')) writeFileSync(path, text);
  else if (existsSync(path) && readFileSync(path, 'utf8') === text) console.log(`ok: ${path} is up to date`);
  else {
    console.log(`NOT OK: ${path} is out of date; run npm run docs`);
    process.exitCode = 1;
  }
}
