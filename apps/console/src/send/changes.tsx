import { Text } from '@mantine/core';
import type { DryRun } from '../api/types.ts';
import { useTexts } from '../texts/texts.tsx';
import { LineTable } from './line-table.tsx';

type Change = DryRun['changes'][number];

/** The first people who are there already and would change, from what to what. */
export function Changes({ changes, updated }: { changes: DryRun['changes']; updated: number }) {
  const { send: texts, columns } = useTexts();
  const rows = changes.map((change) => ({
    line: change.line,
    cells: [change.email, <ChangedValues key={change.line} columns={change.columns} />],
  }));
  return <LineTable title={texts.changes} columns={[columns.email ?? '', texts.change]} rows={rows} total={updated} />;
}

function ChangedValues({ columns }: { columns: Change['columns'] }) {
  const texts = useTexts();
  return Object.entries(columns).map(([column, change]) => (
    <Text size="sm" key={column}>
      {texts.columns[column] ?? column}: <del>{change?.from ?? texts.people.noNumber}</del>{' '}
      <ins>{change?.to ?? texts.people.noNumber}</ins>
    </Text>
  ));
}
