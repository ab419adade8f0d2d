import type { ImportSettings } from '../api/settings.ts';
import type { Texts } from '../texts/en.ts';

/** What was stated about a file, in words, one for each setting. */
export function statedSettings(settings: ImportSettings, { columns: names, send: texts }: Texts): string[] {
  const nameOf = (column: string) => names[column] ?? column;
  const { columns = {}, constants = {}, encoding, delimiter, headerLine } = settings;
  return [
    ...Object.entries(columns).map(([column, source]) => `${nameOf(column)}: ${[source].flat().join(' + ')}`),
    ...Object.entries(constants).map(([column, value]) => `${nameOf(column)} = ${value}`),
    ...(encoding === undefined ? [] : [`${texts.encoding}: ${encoding}`]),
    ...(delimiter === undefined ? [] : [`${texts.delimiter}: ${texts.delimiters[delimiter] ?? delimiter}`]),
    ...(headerLine === undefined
      ? []
      : [`${texts.header}: ${headerLine === 0 ? texts.headerNo : texts.headerOnLine(headerLine)}`]),
  ];
}
