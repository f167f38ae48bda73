import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPart, partTypes, textOf, toInputPart } from '../../lib/request/parts.ts';

const png = 'iVBORw0KGgo=';
const url = 'https://example.com/cat.jpg';
const image = (image_url: string, more: object = {}): object => ({ type: 'input_image', detail: 'auto', image_url, ...more });

const lenient: [name: string, part: unknown, out: unknown][] = [
  ['a bare string', 'Hi', { type: 'input_text', text: 'Hi' }],
  ['text that belongs to an assistant', { type: 'output_text', text: 'Hi', annotations: [] }, { type: 'input_text', text: 'Hi' }],
  ['a refusal', { type: 'refusal', refusal: 'No' }, { type: 'input_text', text: 'No' }],
  ['an image as a string', { type: 'image_url', image_url: url }, image(url)],
  ['an image with its detail beside it', { type: 'image_url', image_url: url, detail: 'high' }, image(url, { detail: 'high' })],
  [
    'an image by its file',
    { type: 'image_url', image_url: { file_id: 'file-1' } },
    { type: 'input_image', detail: 'auto', file_id: 'file-1' },
  ],
  ['an image by its file, flat', { type: 'input_image', file_id: 'file-1' }, { type: 'input_image', detail: 'auto', file_id: 'file-1' }],
  ['bare base64 of a PNG', { type: 'image_url', image_url: { url: png } }, image(`data:image/png;base64,${png}`)],
  ['bare base64 of a JPEG', { type: 'image_url', image_url: '/9j/4AAQ' }, image('data:image/jpeg;base64,/9j/4AAQ')],
  ['bare base64 of a WebP', { type: 'image', image_base64: 'UklGRg' }, image('data:image/webp;base64,UklGRg')],
  ['bare base64 of a GIF', { type: 'image', data: 'R0lGOD' }, image('data:image/gif;base64,R0lGOD')],
  [
    "Anthropic's image",
    { type: 'image', source: { type: 'base64', media_type: 'image/bmp', data: 'Qk0' } },
    image('data:image/bmp;base64,Qk0'),
  ],
  ["Anthropic's image by URL", { type: 'image', source: { type: 'url', url } }, image(url)],
  ['a file flat', { type: 'file', file_id: 'file-1' }, { type: 'input_file', file_id: 'file-1' }],
  ['a file by URL', { type: 'file', file_url: 'https://example.com/a' }, { type: 'input_file', file_url: 'https://example.com/a' }],
  [
    'a file of bare base64',
    { type: 'file', file: { filename: 'a.CSV', file_data: 'YSxi' } },
    { type: 'input_file', filename: 'a.CSV', file_data: 'data:text/csv;base64,YSxi' },
  ],
  [
    'a file of bare base64 without a name',
    { type: 'file', file: { file_data: 'JVBERi0=' } },
    { type: 'input_file', filename: 'file.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' },
  ],
  [
    'a file without a name',
    { type: 'input_file', file_data: 'data:text/markdown;base64,IyA=' },
    { type: 'input_file', filename: 'file.md', file_data: 'data:text/markdown;base64,IyA=' },
  ],
  [
    'a cache breakpoint',
    { type: 'text', text: 'Hi', prompt_cache_breakpoint: { mode: 'explicit' } },
    { type: 'input_text', text: 'Hi', prompt_cache_breakpoint: { mode: 'explicit' } },
  ],
  ['an unknown part', { type: 'hologram', data: 1 }, { type: 'hologram', data: 1 }],
  ['anything that is not an object', 5, { type: 'input_text', text: '5' }],
  ['null', null, { type: 'input_text', text: 'null' }],
  ['text that is not a string', { type: 'text', text: 5 }, { type: 'input_text', text: '5' }],
  ['text of Responses', { type: 'input_text', text: 'Hi', prompt_cache_breakpoint: null }, { type: 'input_text', text: 'Hi' }],
  ['a part without a type', { text: 'Hi' }, { text: 'Hi' }],
  ['a part whose type is a property of objects', { type: 'constructor' }, { type: 'constructor' }],
  [
    'an image with its detail inside',
    { type: 'image_url', image_url: { url, detail: 'low' }, detail: 'high' },
    image(url, { detail: 'low' }),
  ],
  ['an image without anything', { type: 'image_url' }, { type: 'input_image', detail: 'auto' }],
  ['an image of numbers', { type: 'image_url', image_url: { url: 5, file_id: 6 } }, { type: 'input_image', detail: 'auto' }],
  [
    'an image by two files',
    { type: 'image_url', image_url: { file_id: 'file-1' }, file_id: 'file-2' },
    { type: 'input_image', detail: 'auto', file_id: 'file-1' },
  ],
  [
    'an image by its file and with a breakpoint',
    { type: 'input_image', file_id: 'file-1', prompt_cache_breakpoint: { mode: 'explicit' } },
    { type: 'input_image', detail: 'auto', file_id: 'file-1', prompt_cache_breakpoint: { mode: 'explicit' } },
  ],
  ['a URL before data', { type: 'image', image_url: url, source: { url: 'https://example.com/other.jpg' }, data: png }, image(url)],
  ["Anthropic's URL before data", { type: 'image', source: { url }, data: png }, image(url)],
  ['image_base64 before data', { type: 'image', image_base64: 'UklGRg', data: png }, image('data:image/webp;base64,UklGRg')],
  ['data before its source', { type: 'image', data: 'R0lGOD', source: { data: png } }, image('data:image/gif;base64,R0lGOD')],
  ['a data URL', { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }, image('data:image/png;base64,AA')],
  ['a scheme of fifteen characters', { type: 'image', data: 'abcdefghijklmno:x' }, image('abcdefghijklmno:x')],
  ['no scheme that is longer', { type: 'image', data: 'abcdefghijklmnop:x' }, image('data:image/png;base64,abcdefghijklmnop:x')],
  ['no scheme that is empty', { type: 'image', data: ':x' }, image('data:image/png;base64,:x')],
  ['a scheme of one character', { type: 'image', data: 'x:y' }, image('x:y')],
  [
    'a file by id before all else',
    { type: 'file', file: { file_id: 'f', file_url: url, file_data: 'x' } },
    { type: 'input_file', file_id: 'f' },
  ],
  ['a file by URL before its data', { type: 'file', file: { file_url: url, file_data: 'x' } }, { type: 'input_file', file_url: url }],
  ['a file that has no more than a name', { type: 'file', file: { filename: 'a.pdf' } }, { type: 'input_file', filename: 'a.pdf' }],
  ['a file that has nothing', { type: 'input_file' }, { type: 'input_file' }],
  [
    'a file with a breakpoint',
    { type: 'file', file: { file_id: 'f' }, prompt_cache_breakpoint: { mode: 'explicit' } },
    { type: 'input_file', file_id: 'f', prompt_cache_breakpoint: { mode: 'explicit' } },
  ],
  [
    'a file with a name and a data URL',
    { type: 'file', file: { filename: 'a.csv', file_data: 'data:text/plain;base64,YQ==' } },
    { type: 'input_file', filename: 'a.csv', file_data: 'data:text/plain;base64,YQ==' },
  ],
  [
    'a data URL that is not base64',
    { type: 'input_file', file_data: 'data:text/csv,a' },
    { type: 'input_file', filename: 'file.csv', file_data: 'data:text/csv,a' },
  ],
  [
    'a data URL whose type has parameters',
    { type: 'input_file', file_data: 'data:text/html;charset=utf-8,a' },
    { type: 'input_file', filename: 'file.html', file_data: 'data:text/html;charset=utf-8,a' },
  ],
  [
    'a data URL of a type that is not known',
    { type: 'input_file', file_data: 'data:x/y;base64,YQ==' },
    { type: 'input_file', filename: 'file', file_data: 'data:x/y;base64,YQ==' },
  ],
  [
    'a data URL without an end of its type',
    { type: 'input_file', file_data: 'data:text/csv' },
    { type: 'input_file', filename: 'file', file_data: 'data:text/csv' },
  ],
];

for (const [name, part, out] of lenient) test(`${name} is understood in content`, () => assert.deepEqual(toInputPart(part), out));

const files = {
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
  html: 'text/html',
  xml: 'text/xml',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
};

for (const [extension, type] of Object.entries(files))
  test(`a file's type follows from its name, and its name from its type: ${extension}`, () => {
    const [filename, file_data] = [`report.2026.${extension.toUpperCase()}`, `data:${type};base64,YQ==`];
    assert.deepEqual(toInputPart({ type: 'file', file: { filename, file_data: 'YQ==' } }), { type: 'input_file', filename, file_data });
    assert.deepEqual(toInputPart({ type: 'file', file: { file_data } }), { type: 'input_file', filename: `file.${extension}`, file_data });
  });

test('a file whose name and beginning say nothing is of an unknown kind', () => {
  for (const filename of ['report', 'report.', 'report.xyz', 'csv.report'])
    assert.deepEqual(toInputPart({ type: 'file', file: { filename, file_data: 'YQ==' } }), {
      type: 'input_file',
      filename,
      file_data: 'data:application/octet-stream;base64,YQ==',
    });
});

test('reasoning is left out', () => {
  for (const type of ['thinking', 'redacted_thinking', 'reasoning']) assert.equal(toInputPart({ type, text: 'x' }), undefined);
});

test('the types of part that are read', () => {
  const read = 'text input_text output_text refusal image_url input_image image file input_file thinking redacted_thinking reasoning';
  assert.deepEqual(partTypes, read.split(' '));
});

test('a content part has something in it; a record with the same type is none', () => {
  const parts = [
    { type: 'text', text: '' },
    { type: 'input_text', text: 'Hi' },
    { type: 'refusal', refusal: 'No' },
    { type: 'image_url', image_url: { url } },
    { type: 'input_image', file_id: 'file-1' },
    { type: 'file', file_id: 'file-1' },
    { type: 'file', file_url: 'https://example.com/a' },
    { type: 'file', file: { file_data: 'YSxi', filename: 'a.csv' } },
    { type: 'thinking', thinking: 'Hm' },
  ];
  for (const part of parts) assert.equal(isPart(part), true, JSON.stringify(part));
  const records = [
    null,
    'text',
    5,
    [],
    {},
    { type: 'text' },
    { type: 'text', text: 5 },
    { type: 'refusal' },
    { type: 'image' },
    { type: 'file' },
    { type: 'file', name: 'a' },
    { type: 'x', text: 'x' },
  ];
  for (const record of records) assert.equal(isPart(record), false, JSON.stringify(record));
});

test('text that is not a string is written as JSON, nothing as nothing', () => {
  assert.deepEqual(['a', '', null, undefined, 0, false, { a: 1 }].map(textOf), ['a', '', '', '', '0', 'false', '{"a":1}']);
});
