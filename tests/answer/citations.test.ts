import assert from 'node:assert/strict';
import { test } from 'node:test';
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
