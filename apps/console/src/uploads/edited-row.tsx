import { Box, Text, TextInput } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import { COLUMNS, type Column } from '../api/settings.ts';
import type { FailedRow } from '../api/types.ts';
import { formatNumber } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';
import type { Values } from './corrected-csv.ts';

type Props = {
  row: FailedRow;
  index: number;
  /** Undefined where its fields do not fit the columns. */
  values: Values | undefined;
  isChanged: boolean;
  onChange: (values: Values) => void;
};

/** The cells of a rejected row: the bad ones are marked, each with its reason. */
export function EditedRow({ row, index, values, isChanged, onChange }: Props) {
  const texts = useTexts();
  const reasons = row.errors.map(({ message }) => message).join('; ');
  return (
    <>
      <Text role="cell" size="sm" className="number" fw={isChanged ? 700 : undefined}>
        {isChanged ? <span title={texts.rows.changed}>✎ </span> : null}
        {formatNumber(row.line)}
      </Text>
      {values === undefined ? (
        <Box role="cell" style={{ gridColumn: `span ${COLUMNS.length}` }}>
          <Text size="sm" truncate ff="monospace">
            {[row.raw].flat().join(' | ')}
          </Text>
          <Text size="sm" c="dimmed" truncate>
            {texts.upload.unshaped}
          </Text>
        </Box>
      ) : (
        COLUMNS.map((column) => (
          <Cell
            key={column}
            column={column}
            index={index}
            label={`${texts.columns[column] ?? column}, ${texts.send.line} ${row.line}`}
            value={values[column]}
            reason={row.errors.find((error) => error.column === column)?.message}
            onChange={(value) => onChange({ ...values, [column]: value })}
          />
        ))
      )}
      <Text role="cell" size="sm" lineClamp={3} title={reasons}>
        {reasons}
      </Text>
    </>
  );
}

type CellProps = {
  column: Column;
  index: number;
  label: string;
  value: string;
  reason: string | undefined;
  onChange: (value: string) => void;
};

function Cell({ column, index, label, value, reason, onChange }: CellProps) {
  return (
    <Box role="cell" className={reason === undefined ? undefined : 'bad-cell'}>
      <TextInput
        size="xs"
        variant={reason === undefined ? 'default' : 'filled'}
        aria-label={label}
        error={reason !== undefined}
        aria-description={reason}
        title={reason}
        value={value}
        data-cell={`${index} ${column}`}
        onKeyDown={(event) => moveBetweenRows(event, index, column)}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {reason === undefined ? null : (
        <Text size="xs" truncate className="bad-reason" aria-hidden="true">
          {reason}
        </Text>
      )}
    </Box>
  );
}

/** As in a spreadsheet: down and Enter go to the row below, up to the one above. Rows next to those in sight are there. */
function moveBetweenRows(event: KeyboardEvent<HTMLInputElement>, index: number, column: Column): void {
  const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' || event.key === 'Enter' ? 1 : 0;
  if (step === 0) return;
  const next = document.querySelector<HTMLInputElement>(`[data-cell="${index + step} ${column}"]`);
  if (next === null) return;
  event.preventDefault();
  next.focus();
  next.select();
}
