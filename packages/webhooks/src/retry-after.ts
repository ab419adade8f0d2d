/**
 * `Retry-After` in whole seconds, from either of its two forms (RFC 9110, section 10.2.3). Null where there is none, or none that
 * can be read.
 */
export function readRetryAfter(value: string | undefined, now: Date): number | null {
  if (value === undefined) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const at = Date.parse(value);
  if (!/^[A-Z]/.test(value) || Number.isNaN(at)) return null;
  return Math.max(0, Math.ceil((at - now.getTime()) / 1000));
}
