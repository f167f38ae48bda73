import { stringOf } from '../json.ts';
import type { UrlCitation } from '../wire/chat.ts';
import type { Annotation } from '../wire/responses.ts';

/**
 * Returns a citation in Chat's nested form; undefined for other annotations (of files), which Chat has no form for. `start` is where the
 * annotated part begins in the client's content: the indices of an annotation count from the beginning of its part. One without indices
 * covers its `message`.
 */
export function toChatCitation(annotation: Annotation, start: number, message: { start: number; end: number }): UrlCitation | undefined {
  if (annotation.type !== 'url_citation') return undefined;
  const { url, title, start_index: from, end_index: to } = annotation;
  if (typeof url !== 'string') return undefined;
  const [start_index, end_index] =
    Number.isInteger(from) && Number.isInteger(to) ? [start + from, start + to] : [message.start, message.end];
  return { type: 'url_citation', url_citation: { start_index, end_index, url, title: stringOf(title) || hostOf(url) } };
}

/** Returns the name of a cited file, or its id; undefined for a citation of something else. */
export function citedFile(annotation: Annotation): string | undefined {
  switch (annotation.type) {
    case 'file_citation':
    case 'container_file_citation':
      return stringOf(annotation.filename) || stringOf(annotation.file_id) || undefined;
    case 'file_path':
      return stringOf(annotation.file_id) || undefined;
    case 'url_citation':
      return undefined;
    default:
      annotation satisfies never;
      return undefined;
  }
}

/** Clients show the title and some refuse one that is missing. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
