import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toInputPart } from '../../lib/request/parts.ts';

const url = 'https://example.com/a.pdf';
const dataUrl = 'data:application/pdf;base64,JVBERi0=';

const files: [name: string, file: object, sent: object][] = [
  ['a URL in the place of an id', { file_id: url }, { file_url: url }],
  ['a URL in the place of data', { file_data: url, filename: 'a.pdf' }, { file_url: url }],
  ['a data URL in the place of an id', { file_id: dataUrl }, { file_data: dataUrl, filename: 'file.pdf' }],
  ['a data URL in the place of a URL', { file_url: dataUrl, filename: 'a.pdf' }, { file_data: dataUrl, filename: 'a.pdf' }],
  ['an id in the place of a URL', { file_url: 'file-1' }, { file_id: 'file-1' }],
  ['an id in the place of data', { file_data: 'file-1' }, { file_id: 'file-1' }],
  ['a URL of another kind', { file_url: 'gs://bucket/a.pdf' }, { file_url: 'gs://bucket/a.pdf' }],
  [
    'an empty id before data',
    { file_id: '', file_url: '', file_data: dataUrl, filename: '' },
    { file_data: dataUrl, filename: 'file.pdf' },
  ],
  [
    'data of a kind that its name says',
    { file_data: 'YSxi', filename: 'A.CSV' },
    { file_data: 'data:text/csv;base64,YSxi', filename: 'A.CSV' },
  ],
  ['data of a kind that its beginning says', { file_data: 'JVBERi0=' }, { file_data: dataUrl, filename: 'file.pdf' }],
  [
    'data of a kind that its beginning says, with a name that does not',
    { file_data: 'JVBERi0=', filename: 'report' },
    { file_data: dataUrl, filename: 'report' },
  ],
  [
    'data of an unknown kind',
    { file_data: 'AAAA', filename: 'a.blend' },
    { file_data: 'data:application/octet-stream;base64,AAAA', filename: 'a.blend' },
  ],
  [
    'data of an unknown kind without a name',
    { file_data: 'AAAA' },
    { file_data: 'data:application/octet-stream;base64,AAAA', filename: 'file' },
  ],
  [
    'a data URL of an unknown kind without a name',
    { file_data: 'data:font/woff;base64,AAAA' },
    { file_data: 'data:font/woff;base64,AAAA', filename: 'file' },
  ],
  ['nothing but a name', { filename: 'a.pdf' }, { filename: 'a.pdf' }],
  ['a level of detail', { file_id: 'file-1', detail: 'low' }, { file_id: 'file-1', detail: 'low' }],
];

for (const [name, file, sent] of files)
  test(`a file by ${name} is understood`, () => {
    assert.deepEqual(toInputPart({ type: 'file', file }), { type: 'input_file', ...sent });
    assert.deepEqual(toInputPart({ type: 'input_file', ...file }), { type: 'input_file', ...sent });
  });

const image = 'https://example.com/a.png';
const png = 'data:image/png;base64,iVBORw0KGgo=';
const images: [name: string, part: object, sent: object][] = [
  ['a URL in the place of an id', { image_url: { file_id: image } }, { image_url: image }],
  ['a data URL in the place of an id', { file_id: png }, { image_url: png }],
  ['an id in the place of a URL', { image_url: { url: 'file-1' } }, { file_id: 'file-1' }],
  ['an empty URL beside an id', { image_url: { url: '', file_id: 'file-1', detail: '' } }, { file_id: 'file-1' }],
  ['an empty id beside a URL', { image_url: { url: image, file_id: '' } }, { image_url: image }],
];

for (const [name, part, sent] of images)
  test(`an image by ${name} is understood`, () =>
    assert.deepEqual(toInputPart({ type: 'image_url', ...part }), { type: 'input_image', detail: 'auto', ...sent }));
