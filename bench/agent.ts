/** The next of a row of numbers that is the same in every run, from 0 to below `limit`. */
type Draw = (limit: number) => number;

function draws(): Draw {
  let state = 7;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state >> 8) % limit;
  };
}

const pieces = [
  'export function readFile(path: string): string {',
  'if (value === undefined) return [];',
  `throw new Error("the file '" + path + "' is not there");`,
  'for (const { name, size } of entries) total += size;',
  '"type": "string", "description": "an absolute path",',
  '// the last one counts, as in JSON',
  'const found = lines.filter((line) => line.includes("TODO")).map((line) => line.trim());',
  '\treturn entries.toSorted((a, b) => a.size - b.size);',
  '}',
  '',
];

/** Lines of a program as a tool reads them from a file, at least so many characters. */
function source(draw: Draw, length: number): string {
  let text = '';
  for (let line = 1; text.length < length; line += 1)
    text += `${String(line).padStart(5)}  ${'  '.repeat(draw(4))}${pieces[draw(pieces.length)]!}\n`;
  return text;
}

function tool(at: number): object {
  const property = (index: number): object => ({
    type: ['string', 'integer', 'boolean'][index % 3],
    description: `What stands at place ${index}: an absolute path, a number of lines, or whether hidden files count.`,
    ...(index % 4 === 0 && { enum: ['content', 'files', 'count'] }),
  });
  const properties = Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`option_${index}`, property(index + at)]));
  const description = `Tool ${at} looks through the files of the project.\n\nUsage:\n- Give an "absolute" path.\n- Results come in the order of the files, at most 2000 lines of them.`;
  const parameters = { type: 'object', properties, required: ['option_0', 'option_1'], additionalProperties: false };
  return { type: 'function', function: { name: `tool_${at}`, description, parameters } };
}

/** The body of a request of a coding agent in the midst of its work: 1 MB, 60 tools, 150 messages, tool results of 1 to 20 KB. */
export function agentBody(): string {
  const draw = draws();
  const messages: object[] = [
    { role: 'system', content: source(draw, 8000) },
    { role: 'user', content: 'The tests fail since yesterday. Find out why, and mend it.' },
  ];
  for (let turn = 0; messages.length < 150; turn += 1) {
    const id = `call_${String(turn).padStart(24, 'q')}`;
    const args = { option_0: `/home/me/project/lib/file-${turn}.ts`, option_1: turn, ...(turn % 5 === 0 && { text: source(draw, 400) }) };
    messages.push(
      {
        role: 'assistant',
        content: turn % 3 === 0 ? 'I look at the next file.' : null,
        tool_calls: [{ id, type: 'function', function: { name: `tool_${turn % 60}`, arguments: JSON.stringify(args) } }],
      },
      { role: 'tool', tool_call_id: id, content: source(draw, 1000 + draw(19_000)) },
    );
  }
  return JSON.stringify({ model: 'gpt-5.1', messages, tools: Array.from({ length: 60 }, (_, at) => tool(at)), stream: false });
}
