// npm run test:mutants: does a test fail when the code is changed? One folder alone: `npm run test:mutants -- --mutate 'lib/sse/**/*.ts'`.
export default {
  mutate: ['lib/{answer,memory,models,request,sse}/**/*.ts'],
  testRunner: 'node-test',
  plugins: ['./scripts/mutants/runner.mjs'],
  coverageAnalysis: 'perTest',
  ignoreStatic: true, // tables that are made while modules load: each change in one takes a new process
  buildCommand: 'tsc --noCheck --declaration false --isolatedDeclarations false',
  tsconfigFile: 'none', // Stryker would read it with the JavaScript API that TypeScript 7 does not have
  ignorePatterns: ['dist', '/mutants'],
  tempDirName: 'mutants/sandbox',
  reporters: ['clear-text', 'html', 'json', 'progress-append-only'],
  htmlReporter: { fileName: 'mutants/report.html' },
  jsonReporter: { fileName: 'mutants/report.json' },
  clearTextReporter: { logTests: false, allowColor: false },
  timeoutMS: 1000, // for the runs with an endless loop; what the tests need is added to it
  thresholds: { high: 95, low: 90, break: 90 },
};
