import { Stack, Text } from '@mantine/core';
import { formatNumber } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';
import { valuesOf } from './corrected-csv.ts';
import { RowTable } from './row-table.tsx';

/** Rows that could not be written for no fault of the file, and why. */
export function DeadRows({ uploadId }: { uploadId: string }) {
  const texts = useTexts();
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {texts.rows.deadHelp}
      </Text>
      <RowTable
        uploadId={uploadId}
        outcome="dead"
        label={texts.outcomes.dead}
        none={texts.rows.none}
        widths="72px minmax(0, 1fr) minmax(0, 1fr) 90px minmax(0, 2fr)"
        minWidth={760}
        rowHeight={44}
        header={[
          texts.send.line,
          texts.columns.employee_name ?? '',
          texts.columns.email ?? '',
          texts.rows.attempts,
          texts.send.reason,
        ]}
        cells={(row) => {
          const values = valuesOf(row.raw);
          return (
            <>
              <Text role="cell" size="sm" className="number">
                {formatNumber(row.line)}
              </Text>
              <Text role="cell" size="sm" truncate>
                {values?.employee_name}
              </Text>
              <Text role="cell" size="sm" truncate>
                {values?.email}
              </Text>
              <Text role="cell" size="sm">
                {formatNumber(row.attempts)}
              </Text>
              <Text role="cell" size="sm" truncate title={row.errors.map(({ message }) => message).join('; ')}>
                {row.errors.map(({ message }) => message).join('; ')}
              </Text>
            </>
          );
        }}
      />
    </Stack>
  );
}
