// A test runner for StrykerJS. It loads the compiled tests once and runs them in its own process, so that a mutant costs milliseconds;
// the runners that start Node.js for each file or mutant take hours. A mutant in lib/NAME has to be noticed by tests in tests/NAME.
import { readdirSync } from 'node:fs';
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';

const shim = new URL('node-test.mjs', import.meta.url).href;
const fewer = new URL('fast-check.mjs', import.meta.url).href;

register(
  `data:text/javascript,${encodeURIComponent(`export const resolve = (specifier, context, next) => {
    if (specifier === 'node:test') return { url: ${JSON.stringify(shim)}, shortCircuit: true };
    if (specifier === 'fast-check' && context.parentURL !== ${JSON.stringify(fewer)}) return { url: ${JSON.stringify(fewer)}, shortCircuit: true };
    return next(specifier, context);
  };`)}`,
);
const { collect, tests } = await import(shim);

// What the instrumented code reads and writes.
// oxlint-disable-next-line no-underscore-dangle
const shared = (globalThis.__stryker__ ??= {});

/** The NAME of a file in lib/NAME. */
const folderOf = (file) => /[\\/]lib[\\/](\w+)/.exec(file)[1];

/** Milliseconds. A test that takes longer runs for no mutant: it would cost more than it finds. */
const slow = 300;

const loaded = new Set();
async function load(folder) {
  if (loaded.has(folder)) return;
  loaded.add(folder);
  for (const name of readdirSync(`dist/tests/${folder}`, { recursive: true }).toSorted())
    if (name.endsWith('.test.js')) await collect(pathToFileURL(`dist/tests/${folder}/${name}`).href);
}

async function run(test) {
  const { id, name, file, body } = test;
  const start = performance.now();
  const result = (rest) => {
    test.took ||= performance.now() - start;
    return { id, name, fileName: file.replace(/js$/, 'ts'), timeSpentMs: performance.now() - start, ...rest };
  };
  shared.currentTestId = id;
  try {
    await body();
    return result({ status: 0 });
  } catch (error) {
    return result({ status: 1, failureMessage: String(error?.message ?? error) });
  } finally {
    shared.currentTestId = undefined;
  }
}

class Runner {
  capabilities() {
    return { reloadEnvironment: false }; // a module is loaded once in a process
  }

  async dryRun({ files }) {
    for (const folder of new Set(files.map(folderOf))) await load(folder);
    const results = [];
    for (const test of tests) results.push(await run(test));
    // Code that tests run, and modules too while they are loaded, is judged by the tests alone: the other way starts a process for each mutant.
    const { static: early, perTest } = shared.mutantCoverage;
    for (const covered of Object.values(perTest)) for (const id of Object.keys(covered)) delete early[id];
    return { status: 'complete', tests: results, mutantCoverage: shared.mutantCoverage };
  }

  async mutantRun({ activeMutant, hitLimit, mutantActivation, testFilter }) {
    const folder = folderOf(activeMutant.fileName);
    shared.activeMutant = mutantActivation === 'static' ? activeMutant.id : undefined; // static: it acts while modules are loaded
    try {
      await load(folder);
    } catch (error) {
      return { status: 'killed', killedBy: [], failureMessage: String(error), nrOfTests: 0 };
    }
    shared.activeMutant = activeMutant.id;
    // Stryker allows a hundred times as many passes as all tests made together, for which an endless loop takes long.
    const most = hitLimit && hitLimit / 10;
    shared.hitCount = most && 0;
    shared.hitLimit = most;
    const reaching = testFilter && new Set(testFilter);
    let nrOfTests = 0;
    for (const test of tests.toSorted((one, other) => one.took - other.took)) {
      if (test.took > slow || !test.file.startsWith(`tests/${folder}/`) || (reaching && !reaching.has(test.id))) continue;
      nrOfTests += 1;
      const { status, failureMessage } = await run(test);
      if (shared.hitCount > most) return { status: 'timeout', reason: `more than ${most} passes` };
      if (status === 1) return { status: 'killed', killedBy: [test.id], failureMessage, nrOfTests };
    }
    return { status: 'survived', nrOfTests };
  }
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'node-test', injectableClass: Runner }];
