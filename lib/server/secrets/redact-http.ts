import { credentialScheme } from './credentials.ts';
import { hidden, isCredentialName } from './names.ts';
import type { Redactor } from './redact.ts';
import { redactUrl } from './redact-url.ts';

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
  if (!isCredentialName(name)) return redactor.redact(redactUrl(value));
  const scheme = credentialScheme.exec(value)?.[0] ?? '';
  return value === scheme ? value : scheme + hidden;
}
