import type { UrlCitation } from '../wire/chat.ts';
import type { Annotation } from '../wire/responses.ts';

/**
 * Returns a citation in Chat's nested form; undefined for other annotations (of files), which Chat has no form for. `start` is where the
 * annotated part begins in the client's content: the indices of an annotation count from the beginning of its part.
 */
export function toChatCitation(annotation: Annotation, start: number): UrlCitation | undefined {
  if (annotation.type !== 'url_citation') return undefined;
  const { url, title, start_index, end_index } = annotation;
  if (typeof url !== 'string') return undefined;
  return {
    type: 'url_citation',
    url_citation: { start_index: start + start_index, end_index: start + end_index, url, title: title || hostOf(url) },
  };
}

/** Clients show the title and some refuse one that is missing. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
