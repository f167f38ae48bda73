// What `npm publish` would ship: packs it, then looks at the tarball.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LIMIT = 195_000; // bytes, packed; a quarter of it is the documentation, 20 kB are the inspector's page, 10 kB the store and the recall of turns
const UNWANTED = /\.map$|\.tsbuildinfo$|(^|\/)(tests?|bench|scripts|node_modules|coverage)\/|(?<!\.d)\.ts$|^\.|tsconfig|-lock\./;

const output = (command, ...args) => execFileSync(command, args, { encoding: 'utf8' });
const check = (ok, message) => {
  console.log(`${ok ? 'ok' : 'NOT OK'}: ${message}`);
  if (!ok) process.exitCode = 1;
};

const folder = mkdtempSync(join(tmpdir(), 'openai-proxy-package-'));
try {
  const [packed] = JSON.parse(output('npm', 'pack', '--ignore-scripts', '--json', '--pack-destination', folder));
  const tarball = join(folder, packed.filename);
  const paths = packed.files.map((file) => file.path);
  check(packed.size < LIMIT, `${packed.filename}: ${paths.length} files, ${packed.size} bytes (limit ${LIMIT})`);
  const unwanted = paths.filter((path) => UNWANTED.test(path));
  check(unwanted.length === 0, `no tests, sources, source maps or tools in it ${unwanted.join(' ')}`);
  const entries = ['dist/bin/openai-proxy.js', 'dist/lib/index.js', 'dist/lib/index.d.ts', 'dist/lib/server/index.js'];
  const beside = ['README.md', 'LICENSE', 'CHANGELOG.md', 'models.example.json'];
  const linked = [...readFileSync('README.md', 'utf8').matchAll(/\]\((docs\/[^)#]+)/g)].map(([, path]) => path);
  const missing = [...entries, ...beside, ...linked].filter((path) => !paths.includes(path));
  check(missing.length === 0, `everything that belongs in it ${missing.join(' ')}`);

  // The declarations are complete, and those of the pure entry need nothing of Node's.
  const installed = join(folder, 'node_modules', 'openai-proxy');
  mkdirSync(installed, { recursive: true });
  output('tar', '-xzf', tarball, '-C', installed, '--strip-components=1');
  for (const [entry, types] of [
    ['openai-proxy', ''],
    ['openai-proxy/server', 'node'],
  ]) {
    const consumer = join(folder, 'consumer.mts');
    writeFileSync(consumer, `import * as api from '${entry}';\nexport const names: string[] = Object.keys(api);\n`);
    const options = '--strict --noEmit --ignoreConfig --module nodenext --lib es2023 --typeRoots node_modules/@types --types'.split(' ');
    const { status, stdout } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', ...options, types, consumer], {
      encoding: 'utf8',
    });
    check(status === 0, `the declarations of ${entry} ${stdout}`);
  }

  const { dependencies } = JSON.parse(output('npm', 'ls', '--omit=dev', '--all', '--json'));
  check(Object.keys(dependencies).join() === 'mri' && !dependencies.mri.dependencies, 'mri is the only dependency');

  // Through npx, because they bring a compiler of their own.
  execFileSync('npx', ['-y', 'publint@0.3.25', 'run', tarball, '--strict'], { stdio: 'inherit' });
  execFileSync('npx', ['-y', '@arethetypeswrong/cli@0.18.5', tarball, '--profile', 'esm-only'], { stdio: 'inherit' });
} finally {
  rmSync(folder, { recursive: true });
}
