// Numbers, sizes and moments in the reader’s locale.

/** The reader's languages, without those that are none by BCP 47, such as `en-US@posix`. */
function locale(): string[] {
  return navigator.languages.filter((tag) => {
    try {
      return Intl.getCanonicalLocales(tag).length > 0;
    } catch {
      return false;
    }
  });
}

export function formatNumber(value: number): string {
  return new Intl.NumberFormat(locale()).format(value);
}

export function formatPercent(share: number): string {
  return new Intl.NumberFormat(locale(), { style: 'percent' }).format(share);
}

export function formatMoment(iso: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
}

export function formatSize(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const options = {
    style: 'unit',
    unit: units[step] ?? 'byte',
    maximumFractionDigits: 1,
    unitDisplay: step === 0 ? 'long' : 'short',
  } as const;
  return new Intl.NumberFormat(locale(), options).format(bytes / 1000 ** step);
}

/** @param units what a number of them is called. */
export function formatDuration(
  seconds: number,
  units: { seconds: (n: string) => string; minutes: (n: string) => string },
): string {
  if (seconds < 90) return units.seconds(formatNumber(Math.max(1, Math.round(seconds))));
  return units.minutes(formatNumber(Math.round(seconds / 60)));
}
