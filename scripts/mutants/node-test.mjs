// Stands in for `node:test` while mutants are tested: it collects the tests, so that runner.mjs can run them again and again.

/** In the order in which they were declared: `{ id, name, file, body, took }`, `took` being the milliseconds of the first run, 0 before it. */
export const tests = [];

let file = '';
let path = [];

/** The tests that a file declares, which has to import this module in place of `node:test`. */
export async function collect(url) {
  file = new URL(url).pathname.replace(/^.*\/dist\//, '');
  await import(url);
}

export function test(name, body) {
  const full = [...path, name].join(' > ');
  tests.push({ id: `${file}: ${full}`, name: full, file, body, took: 0 });
}
export const it = test;

export function describe(name, body) {
  path.push(name);
  body();
  path.pop();
}
