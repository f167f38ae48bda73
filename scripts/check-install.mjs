// Every way to install leaves a working command: each in an empty prefix, from what a fresh clone of this checkout would hold.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const temp = mkdtempSync(join(tmpdir(), 'openai-proxy-install-'));

// Under `npm run` the settings of that npm would reach the ones started here.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$/.test(name)));
env.npm_config_cache = join(temp, 'cache');

const run = (cwd, command, ...args) => execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

// `--prefix` would leave out the machine's own settings, such as a company's registry and its certificates.
env.npm_config_globalconfig = run('.', 'npm', 'config', 'get', 'globalconfig').trim();

/** What a fresh clone would hold. */
function clone(name) {
  const folder = join(temp, name);
  const left = new Set(['.git', 'node_modules', 'dist', 'coverage']);
  cpSync('.', folder, { recursive: true, filter: (path) => !left.has(path) });
  return folder;
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** `--version`, and `--demo` answering one request. */
async function works(cwd, command, ...args) {
  const printed = run(cwd, command, ...args, '--version').trim();
  if (!printed.includes(version)) throw new Error(`--version printed ${printed}`);

  const port = await freePort();
  // A group of its own, because npx does not hand SIGTERM on to the command.
  const child = spawn(command, [...args, '--demo', '--port', String(port)], { cwd, env, stdio: 'ignore', detached: true });
  try {
    const deadline = Date.now() + 20_000;
    const post = () =>
      fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'Hello' }] }),
      });
    let response;
    while (!response) {
      response = await post().catch((error) => {
        if (Date.now() > deadline) throw error;
      });
      if (!response) await sleep(100);
    }
    const body = await response.json();
    if (response.status !== 200 || !body.choices?.[0]?.message?.content) throw new Error(`--demo answered ${JSON.stringify(body)}`);
  } finally {
    process.kill(-child.pid, 'SIGTERM');
  }
}

async function check(title, way) {
  const start = Date.now();
  await way();
  console.log(`ok: ${title} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
}

try {
  const checkout = clone('checkout');
  const empty = join(temp, 'empty');
  mkdirSync(empty);
  let tarball;

  // npm 12 runs no scripts of what it installs globally, so there the checkout has to be built first.
  if (Number.parseInt(run(empty, 'npm', '--version'), 10) < 12) {
    await check('npm install -g . in a fresh clone', async () => {
      run(clone('global'), 'npm', 'install', '-g', '--prefix', join(temp, 'prefix-clone'), '.');
      await works(empty, join(temp, 'prefix-clone/bin/openai-proxy'));
    });
  }
  await check('npm pack in a fresh clone, npm install -g of the tarball', async () => {
    const folder = clone('pack');
    run(folder, 'npm', 'pack', '--pack-destination', temp);
    tarball = join(
      temp,
      readdirSync(temp).find((name) => name.endsWith('.tgz')),
    );
    run(empty, 'npm', 'install', '-g', '--prefix', join(temp, 'prefix-tarball'), tarball);
    await works(empty, join(temp, 'prefix-tarball/bin/openai-proxy'));
  });
  await check('npx with the tarball', () => works(empty, 'npx', '-y', `--package=${tarball}`, 'openai-proxy'));
  await check('npm install, then npm install -g .', async () => {
    run(checkout, 'npm', 'install');
    run(checkout, 'npm', 'install', '-g', '--prefix', join(temp, 'prefix-checkout'), '.');
    await works(empty, join(temp, 'prefix-checkout/bin/openai-proxy'));
  });
  await check('npx . in the checkout', () => works(checkout, 'npx', '-y', '.'));
  await check('npm start', () => works(checkout, 'npm', 'start', '--silent', '--'));
  await check('npm install --omit=dev', () => {
    const folder = clone('production');
    run(folder, 'npm', 'install', '--omit=dev');
    const installed = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
    if (installed.join() !== 'mri') throw new Error(`installed ${installed}`);
  });
} catch (error) {
  console.error(error.stderr || error);
  process.exitCode = 1;
} finally {
  rmSync(temp, { recursive: true, maxRetries: 5, retryDelay: 200 });
}
