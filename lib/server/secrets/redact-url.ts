import { hidden, isCredentialName } from './names.ts';

/** Undoes percent-escapes; a text with an invalid one comes back as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Returns a URL or a request target with the credentials hidden that stand in front of its host and in its query, whatever their length.
 * Letters and digits that are escaped without need are shown as they are.
 *
 * @param found Called with each of them.
 */
export function redactUrl(url: string, found?: (secret: string) => void): string {
  const plain = url.includes('%') ? url.replace(/%[2-7][\da-f]/gi, (escape) => plainOf(escape)) : url;
  const hide = (secret: string): string => {
    found?.(secret);
    return hidden;
  };
  // most texts that could be a URL are not, and the patterns take their time
  const shown = plain.includes('@') ? plain.replace(/(?<=\/\/)[^/?#\s]*(?=@)/g, hide) : plain;
  if (!url.includes('?') && !url.includes('&')) return shown;
  return shown.replace(/([?&])([^=?&#\s]+)=([^&#\s]+)/g, (all, mark: string, name: string, value: string) =>
    isCredentialName(decoded(name)) ? `${mark}${name}=${hide(value)}` : all,
  );
}

function plainOf(escape: string): string {
  const char = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
  return /[\w.~-]/.test(char) ? char : escape;
}

/** The same of a URL in JSON, with what looks like a key in its path: some servers of tools have theirs there. */
export function redactToolUrl(json: string, found?: (secret: string) => void): string {
  const url = redactUrl(json.replaceAll('\\/', '/'), found);
  if (!/^https?:/i.test(url)) return url;
  return url.replace(/\/([\w~-]{16,})(?=[/?#]|$)/g, (all, segment: string) => {
    if (!/\d/.test(segment) || !/[a-z]/i.test(segment)) return all;
    found?.(segment);
    return `/${hidden}`;
  });
}
