// Builds the Dockerfile without a Docker engine, with Debian's buildah, and looks at what the image does. Takes minutes, and root.
// The base image is not pulled: a stand-in with its name is made of Debian's packages and the Node.js that runs this.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const missing = ['buildah', 'debootstrap', 'unshare'].filter((tool) => spawnSync(tool, ['--version']).error);
if (missing.length > 0 || process.getuid() !== 0) {
  console.log(`Skipped: ${missing.length > 0 ? `${missing.join(' and ')} not installed` : 'not root'}.`);
  process.exit(0);
}

const temp = join(tmpdir(), 'openai-proxy-image'); // Debian's packages stay there for the next time
const base = /^FROM (\S+)$/m.exec(readFileSync('Dockerfile', 'utf8'))[1];
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

const output = (command, ...args) => execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
const storage = ['--storage-driver', 'vfs', '--root', join(temp, 'storage'), '--runroot', join(temp, 'run')];
const buildah = (command, ...args) => output('buildah', ...storage, command, ...args);
const inContainer = (container, ...command) => ['buildah', ...storage, 'run', '--isolation', 'chroot', container, '--', ...command];

function check(ok, message) {
  console.log(`${ok ? 'ok' : 'NOT OK'}: ${message}`);
  if (!ok) process.exitCode = 1;
}

/** What the official slim image has: Debian, Node.js, npm and a user `node`. */
function makeBase() {
  const debian = join(temp, 'debian');
  if (!existsSync(join(debian, 'complete'))) {
    rmSync(debian, { recursive: true, force: true });
    output('debootstrap', '--variant=minbase', /^VERSION_CODENAME=(.+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))[1], debian);
    writeFileSync(join(debian, 'complete'), '');
  }
  const container = buildah('from', 'scratch');
  const root = buildah('mount', container);
  output('cp', '-a', `${debian}/.`, root);
  cpSync(process.execPath, join(root, 'usr/local/bin/node'));
  cpSync(join(output('npm', 'root', '-g'), 'npm'), join(root, 'usr/local/lib/node_modules/npm'), { recursive: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'));
  output('chroot', root, 'useradd', '--uid', '1000', '--user-group', '--create-home', 'node');

  // The way from here to the npm registry holds inside, too.
  const env = { npm_config_registry: output('npm', 'config', 'get', 'registry') };
  if (process.env.NODE_EXTRA_CA_CERTS) {
    cpSync(process.env.NODE_EXTRA_CA_CERTS, join(root, 'etc/extra-ca.pem'));
    env.NODE_EXTRA_CA_CERTS = '/etc/extra-ca.pem';
  }
  buildah(
    'config',
    '--entrypoint',
    '["docker-entrypoint.sh"]',
    '--cmd',
    'node',
    ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    container,
  );
  buildah('commit', '--quiet', '--rm', container, `docker.io/library/${base}`);
}

/** What a fresh clone would hold. */
function makeContext() {
  const context = join(temp, 'context');
  const left = new Set(['.git', 'node_modules', 'dist', 'coverage', 'models.json']);
  rmSync(context, { recursive: true, force: true });
  cpSync('.', context, { recursive: true, filter: (path) => !left.has(path) });
  return context;
}

function build(context) {
  buildah('bud', '--isolation', 'chroot', '--format', 'docker', '--pull-never', '--quiet', '--tag', 'openai-proxy', context);
  return buildah('from', '--pull-never', 'localhost/openai-proxy');
}

/** GET, or POST with a body, sent to a port of this machine with any Host header. */
function send(port, path, host, body) {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host: '127.0.0.1',
      port,
      path,
      method: body ? 'POST' : 'GET',
      agent: false,
      headers: { host, 'content-type': 'application/json' },
    });
    outgoing.on('error', reject);
    outgoing.on('response', async (response) => {
      const text = (await response.setEncoding('utf8').toArray()).join('');
      resolve({ status: response.statusCode, route: response.headers['x-openai-proxy-route'], text, json: JSON.parse(text) });
    });
    outgoing.end(body && JSON.stringify(body));
  });
}

const listens = (port) =>
  send(port, '/health', 'localhost').then(
    (response) => response.status === 200,
    () => false,
  );

async function until(condition) {
  for (let i = 0; i < 100; i++) {
    if (await condition()) return true;
    await sleep(100);
  }
  return false;
}

const log = openSync(join(temp, 'output.log'), 'w');

/** Starts a command, waits for a port to listen, does the work, ends the command with all its children. */
async function during([command, ...args], port, work) {
  const child = spawn(command, args, { detached: true, stdio: ['ignore', log, log] });
  const exit = new Promise((resolve) => child.on('exit', resolve));
  try {
    check(await until(() => listens(port)), `it listens on ${port} (its output: ${temp}/output.log)`);
    await work(child, exit);
  } finally {
    if (child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    await exit;
    check(await until(async () => !(await listens(port))), 'it has ended');
  }
}

rmSync(join(temp, 'storage'), { recursive: true, force: true });
makeBase();
const context = makeContext();
const container = build(context);
const root = buildah('mount', container);
const { config } = JSON.parse(buildah('inspect', '--type', 'image', 'localhost/openai-proxy')).Docker;

// What is in it
const kilobytes = (folder) => Number(output('du', '-sk', '--one-file-system', folder).split('\t')[0]);
const plain = buildah('from', '--pull-never', `docker.io/library/${base}`);
const size = kilobytes(root) - kilobytes(buildah('mount', plain));
check(size < 1500, `${size} kB more than its base (limit 1500)`);
check(output('ls', join(root, 'app/node_modules')) === 'mri', 'mri is the only dependency in it');
check(
  output('find', join(root, 'app'), '-name', '*.map', '-o', '-name', '*.test.*', '-o', '-name', 'tsconfig.json') === '',
  'no source map, test or tool in it',
);
check(!existsSync(join(root, 'root/.npm')), 'no npm cache in it');

// As whom it runs
check(config.Entrypoint.join() === 'openai-proxy' && !config.Cmd?.length, 'the entry point is the command alone');
check(output(...inContainer(container, 'id', '-u')) !== '0', `it runs as ${config.User}, not as root`);
check(
  spawnSync('sh', ['-c', '"$@" 2>/dev/null', 'sh', ...inContainer(container, 'touch', '/app/x')]).status !== 0,
  'it cannot write to its own files',
);
check(Object.keys(config.ExposedPorts).sort().join() === '5101/tcp,5102/tcp', 'both ports are exposed');

// What it does
const healthy = () =>
  spawnSync(...(([command, ...args]) => [command, args])(inContainer(container, ...config.Healthcheck.Test.slice(1)))).status === 0;
const chat = { model: 'gpt-5', messages: [{ role: 'user', content: 'Hello' }] };
await during(inContainer(container, ...config.Entrypoint, '--demo'), 5102, async () => {
  for (const [port, host, route, what] of [
    [5101, 'localhost:5101', 'chat', 'the mapping 5101:5101'],
    [5101, 'localhost:5102', 'responses', 'the mapping 5102:5101'],
    [5102, 'localhost:5102', 'responses', 'the mapping 5102:5102'],
    [5101, 'openai-proxy:5101', 'chat', 'a service name as Host'],
    [5102, 'openai-proxy:5102', 'responses', 'a service name as Host'],
    [5101, 'proxy.example', 'chat', 'a Host without a port'],
    [5102, 'proxy.example', 'responses', 'a Host without a port'],
  ]) {
    const answer = await send(port, '/v1/chat/completions', host, chat);
    check(
      answer.status === 200 && answer.route === route,
      `${what}: ${host} on ${port} is ${route} ${answer.route === route ? '' : answer.text}`,
    );
  }
  check(healthy(), 'the health check is content');
});
check(!healthy(), 'the health check fails when nothing listens');

check(output(...inContainer(container, ...config.Entrypoint, '--version')).includes(version), 'replaced arguments: --version');
await during(inContainer(container, ...config.Entrypoint, '--effort', 'high'), 5101, () =>
  check(true, 'replaced arguments: --effort high'),
);

// As process 1, which gets no signal that it does not handle. `buildah run` would put a process of its own in its place.
const first = [
  'unshare',
  '--pid',
  '--fork',
  '--mount-proc',
  `--root=${root}`,
  '--wd=/app',
  '--setgid=1000',
  '--setuid=1000',
  'env',
  ...config.Env,
  ...config.Entrypoint,
];
await during(first, 5101, async (child, exit) => {
  const [pid] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
  check(/^NSpid:\t\d+\t1$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')), 'the command is process 1');
  const start = Date.now();
  process.kill(Number(pid), 'SIGTERM');
  check((await exit) === 0, `SIGTERM ends it in ${Date.now() - start} ms with exit code 0`);
});

// With a models.json
writeFileSync(join(context, 'models.json'), '["gpt-of-this-check"]');
await during(inContainer(build(context), ...config.Entrypoint), 5101, async () => {
  const { text } = await send(5101, '/v1/models', 'localhost:5101');
  check(text.includes('gpt-of-this-check'), 'a models.json beside the Dockerfile is used');
});

buildah('rm', '--all');
rmSync(join(temp, 'storage'), { recursive: true });
