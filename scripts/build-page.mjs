// Makes the inspector's page: one HTML file with its script and its style in it, so that it needs nothing else at run time.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { buildSync } from 'esbuild';

const source = 'lib/server/inspect/page';
const target = 'dist/lib/server/inspect';
const LIMIT = 60 * 1024; // bytes

export function buildPage() {
  const bundle = (file) => {
    const { outputFiles } = buildSync({
      entryPoints: [`${source}/${file}`],
      bundle: true,
      minify: true,
      write: false,
      format: 'iife',
      platform: 'browser',
      target: 'es2023',
      charset: 'utf8',
      logLevel: 'error',
    });
    return outputFiles[0].text.trim();
  };
  const html = readFileSync(`${source}/index.html`, 'utf8')
    .replaceAll(/\n\s*/g, '\n')
    .replace('<style></style>', () => `<style>${bundle('style.css')}</style>`)
    .replace('<script></script>', () => `<script>${bundle('main.ts')}</script>`);
  const bytes = Buffer.byteLength(html);
  if (bytes > LIMIT) throw new Error(`the inspector's page has ${bytes} bytes, more than ${LIMIT}`);
  mkdirSync(target, { recursive: true });
  writeFileSync(`${target}/page.html`, html);
}

if (process.argv[1] === import.meta.filename) buildPage();
