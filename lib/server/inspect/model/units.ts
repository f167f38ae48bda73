/** `830 ms`, `4.2 s`, `42 s`, `3 m 05 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 9_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, '0')} s`;
}

/** `999`, `1.2k`, `42k`, `1.3M`. */
export function amount(count: number): string {
  if (count < 1000) return String(count);
  if (count < 9_950) return `${(count / 1000).toFixed(1)}k`;
  if (count < 999_500) return `${Math.round(count / 1000)}k`;
  return `${(count / 1_000_000).toFixed(1)}M`;
}

/** The time of day: `16:58:37`. */
export function clock(time: number): string {
  if (Number.isNaN(time)) return '--:--:--';
  const date = new Date(time);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Returns a text with what is not seen escaped: control characters but line feeds and tabs, changes of direction. Emoji keep what joins them. */
export function visible(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]|[^\P{Cf}\u200d]|[\p{Cs}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}
