import type { UrlCitation } from '../wire/chat.ts';
import type { UrlCitationAnnotation } from '../wire/responses.ts';

/**
 * A citation in Chat's nested form. `start` is where the annotated part begins in the client's content: the indices of an
 * annotation count from the beginning of its part. Other annotations (of files) have no form in Chat: undefined.
 */
export function toChatCitation(annotation: { type: string }, start: number): UrlCitation | undefined {
  if (annotation.type !== 'url_citation') return undefined;
  const { url, title, start_index, end_index } = annotation as UrlCitationAnnotation;
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
