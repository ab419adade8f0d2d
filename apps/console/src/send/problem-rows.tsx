import type { DryRun } from '../api/types.ts';
import { useTexts } from '../texts/texts.tsx';
import { LineTable } from './line-table.tsx';

/** The first rows that would be rejected, and why. */
export function ProblemRows({ problems, rejected }: { problems: DryRun['problems']; rejected: number }) {
  const { send: texts } = useTexts();
  const rows = problems.map(({ line, errors }) => ({ line, cells: [errors.map(({ message }) => message).join('; ')] }));
  return <LineTable title={texts.problems} columns={[texts.reason]} rows={rows} total={rejected} />;
}
