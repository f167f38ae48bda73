// Writes the files in fixtures/ that follow from the hand-written ones, NAME.chat-request.json and NAME.response.json. Look at the changes
// before they are committed: what is there is what the tests hold.
//
// `npm run fixtures -- FILE NAME` first takes a file apart that the inspector has saved, and so adds a case.
import { readFileSync, writeFileSync } from 'node:fs';

const [saved, name] = process.argv.slice(2);
if (name) {
  for (const [part, value] of Object.entries(JSON.parse(readFileSync(saved, 'utf8')))) {
    if (!['chat-request', 'response'].includes(part)) throw new Error(`${saved} was not saved by the inspector`);
    writeFileSync(`fixtures/${name}.${part}.json`, `${JSON.stringify(value, null, 2)}\n`);
  }
}

const { derivedFiles, fixtures } = await import('../dist/tests/answer/fixtures.js');
for (const fixture of fixtures) {
  for (const [file, text] of derivedFiles(fixture)) writeFileSync(`fixtures/${file}`, text);
}
console.log(`${fixtures.length} cases written`);
