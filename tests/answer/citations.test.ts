import assert from 'node:assert/strict';
import { test } from 'node:test';
import { citedFile, toChatCitation } from '../../lib/answer/citations.ts';
import type { Annotation, MessageItem } from '../../lib/index.ts';
import { message, messageOf, reasoning } from './support.ts';

const cited = (text: string, part: string): MessageItem['content'] => [
  {
    type: 'output_text',
    text,
    annotations: [
      {
        type: 'url_citation',
        url: 'https://a.example/',
        title: 'A',
        start_index: text.indexOf(part),
        end_index: text.indexOf(part) + part.length,
      },
    ],
  },
];

test('citations stand where their text stands in the content, in every style', () => {
  const output = [
    reasoning('Hm'),
    message('First.'),
    message('', { content: [...cited('See (a).', '(a)')!, ...cited(' And (b).', '(b)')!] }),
    reasoning('Hm again'),
    message('', { content: cited('Then (c).', '(c)')! }),
  ];
  for (const style of ['field', 'quote', 'think', 'off'] as const) {
    const { content, annotations } = messageOf(output, { reasoning: style });
    assert.deepEqual(
      annotations.map(({ url_citation: { start_index, end_index } }) => content!.slice(start_index, end_index)),
      ['(a)', '(b)', '(c)'],
      style,
    );
  }
});

test('citations of a message that repeats an earlier one are those of its text', () => {
  const [part] = cited('See A.', 'A')!;
  const again: MessageItem = { type: 'message', content: [part!] };
  const { content, annotations } = messageOf([message('Hi'), message('See A.'), again, again]);
  assert.equal(content, 'Hi\n\nSee A.');
  assert.deepEqual(
    annotations!.map(({ url_citation: { start_index, end_index } }) => [start_index, end_index]),
    [[8, 9]],
  );
});

test('citations of a message that is not emitted are not emitted', () => {
  const twice = message('', { content: cited('See (a).', '(a)')! });
  assert.equal(messageOf([twice, twice]).annotations.length, 1);
  assert.equal(messageOf([{ ...twice, phase: 'commentary' }, message('Answer')]).annotations.length, 0);
});

test('a citation without a title has the host, one without a URL is left out, and so are those of files', () => {
  const annotations = [
    { type: 'url_citation', url: 'https://a.example/x', title: null, start_index: 0, end_index: 1 },
    { type: 'url_citation', url: 'not a URL', start_index: 0, end_index: 1 },
    { type: 'url_citation', start_index: 0, end_index: 1 },
    { type: 'file_citation', file_id: 'file-1' },
    { type: 'container_file_citation', file_id: 'file-1' },
    { type: 'file_path', file_id: 'file-1' },
  ] as Annotation[];
  const got = messageOf([message('', { content: [{ type: 'output_text', text: 'x', annotations }] })]).annotations;
  assert.deepEqual(
    got.map(({ url_citation }) => url_citation.title),
    ['a.example', 'not a URL'],
  );
});

test('a citation without indices covers its message, one with them counts from its part', () => {
  const placed = (fields: object): unknown => {
    const citation = toChatCitation({ type: 'url_citation', url: 'https://a.example/x', ...fields } as Annotation, 10, {
      start: 4,
      end: 30,
    });
    return citation && [citation.url_citation.start_index, citation.url_citation.end_index];
  };
  assert.deepEqual(placed({ start_index: 1, end_index: 3 }), [11, 13]);
  assert.deepEqual(placed({}), [4, 30]);
  assert.deepEqual(placed({ start_index: 1 }), [4, 30]);
  assert.deepEqual(placed({ start_index: 1.5, end_index: 3 }), [4, 30]);
  assert.equal(placed({ type: 'file_citation', start_index: 1, end_index: 3 }), undefined);
});

test('a cited file has its name, or its id', () => {
  const file = (type: string, fields: object): unknown => citedFile({ type, ...fields } as Annotation);
  for (const type of ['file_citation', 'container_file_citation']) {
    assert.equal(file(type, { file_id: 'file-1', filename: 'a.txt' }), 'a.txt');
    assert.equal(file(type, { file_id: 'file-1', filename: '' }), 'file-1');
    assert.equal(file(type, {}), undefined);
  }
  assert.equal(file('file_path', { file_id: 'file-1', filename: 'a.txt' }), 'file-1');
  assert.equal(file('file_path', { file_id: '' }), undefined);
  assert.equal(file('url_citation', { file_id: 'file-1', filename: 'a.txt' }), undefined);
  assert.equal(file('other', { file_id: 'file-1' }), undefined);
});
