import { COLUMNS } from '../api/settings.ts';
import type { DryRun } from '../api/types.ts';
import { useTexts } from '../texts/texts.tsx';
import { LineTable } from './line-table.tsx';

/** The first rows as they would be stored. @param good how many can be. */
export function FirstRows({ firstRows, good }: { firstRows: DryRun['firstRows']; good: number }) {
  const { send: texts, columns, people } = useTexts();
  const rows = firstRows.map(({ line, employee }) => ({
    line,
    cells: COLUMNS.map((column) => employee[column] ?? people.noNumber),
  }));
  const names = COLUMNS.map((column) => columns[column] ?? column);
  return <LineTable title={texts.firstRows} columns={names} rows={rows} total={good} />;
}
