import { credentialName, credentialScheme, decoded } from './credentials.ts';
import { hidden, type Redactor } from './redact.ts';

/** Returns a URL or a request target with the credentials hidden that stand in front of its host and in its query, whatever their length. */
export function redactUrl(url: string): string {
  // most texts that could be a URL are not, and the patterns take their time
  const shown = url.includes('@') ? url.replace(/(\/\/)[^/?#\s]*@/g, `$1${hidden}@`) : url;
  if (!url.includes('?') && !url.includes('&')) return shown;
  return shown.replace(/([?&])([^=?&#\s]+)=[^&#\s]+/g, (all, mark: string, name: string) =>
    credentialName.test(decoded(name)) ? `${mark}${name}=${hidden}` : all,
  );
}

/** Returns headers with their credentials hidden, whatever their length; `redactor` hides what it knows in all the rest. */
export function redactHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  redactor: Redactor,
): Record<string, string | string[] | undefined> {
  // a header may be named `__proto__`
  const shown = Object.create(null) as ReturnType<typeof redactHeaders>;
  for (const name in headers) {
    const value = headers[name];
    shown[redactor.redact(name)] =
      typeof value === 'object' ? value.map((one) => redactHeader(name, one, redactor)) : value && redactHeader(name, value, redactor);
  }
  return shown;
}

function redactHeader(name: string, value: string, redactor: Redactor): string {
  if (!credentialName.test(name)) return redactor.redact(redactUrl(value));
  const scheme = credentialScheme.exec(value)?.[0] ?? '';
  return value === scheme ? value : scheme + hidden;
}
