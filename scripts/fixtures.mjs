// Writes the files in fixtures/ that follow from the hand-written ones, NAME.chat-request.json and NAME.response.json. Look at the changes
// before they are committed: what is there is what the tests hold.
import { writeFileSync } from 'node:fs';

const { derivedFiles, fixtures } = await import('../dist/tests/answer/fixtures.js');
for (const fixture of fixtures) {
  for (const [file, text] of derivedFiles(fixture)) writeFileSync(`fixtures/${file}`, text);
}
console.log(`${fixtures.length} cases written`);
