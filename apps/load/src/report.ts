import type { LoadSettings } from './commands.ts';
import { percentile } from './percentiles.ts';
import type { Tally } from './send-uploads.ts';

const BAR_WIDTH = 30;

/** One line about how far it is. */
export function progressLine({ count }: LoadSettings, { accepted, imported, errors }: Tally): string {
  const failed = sum(errors.values());
  const share = Math.min(1, (imported.length + failed) / count);
  const bar = '█'.repeat(Math.round(share * BAR_WIDTH)).padEnd(BAR_WIDTH, '░');
  return `${bar} ${accepted.length} of ${count} accepted, ${imported.length} imported${failed > 0 ? `, ${failed} failed` : ''}`;
}

/** What it came to. `sentMs` is until the last answer, `importedMs` until the last row. */
export function summary(
  { count, file }: LoadSettings,
  tally: Tally,
  { sentMs, importedMs }: { sentMs: number; importedMs: number },
): string {
  const { accepted, imported, errors } = tally;
  const lines = [
    ['Uploads', `${accepted.length} of ${count} accepted, ${imported.length} imported`],
    ['Requests/s', `${perSecond(count, sentMs)} over ${seconds(sentMs)}`],
    ['Rows/s', `${perSecond(imported.length * file.rows, importedMs)} over ${seconds(importedMs)}`],
    ['Accepted', distribution(accepted)],
    ['Imported', distribution(imported)],
    ['Errors', [...errors].map(([code, times]) => `${code} ${times}`).join(', ') || 'none'],
  ];
  return lines.map(([name = '', value]) => `${name.padEnd(12)}${value}\n`).join('');
}

function distribution(times: readonly number[]): string {
  if (times.length === 0) return '–';
  return [50, 95, 99].map((percent) => `p${percent} ${Math.round(percentile(times, percent) ?? 0)} ms`).join('   ');
}

function perSecond(amount: number, ms: number): string {
  return (amount / (ms / 1000)).toFixed(1);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0);
}
