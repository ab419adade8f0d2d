import { Button, Group, Stack, Text } from '@mantine/core';
import { COLUMNS } from '../api/settings.ts';
import type { FailedRow, Upload } from '../api/types.ts';
import { useSending } from '../api/use-sending.ts';
import { SendingStatus } from '../send/sending-status.tsx';
import { useTexts } from '../texts/texts.tsx';
import { correctedCsv, isSame, type Values, valuesOf } from './corrected-csv.ts';
import { EditedRow } from './edited-row.tsx';
import { RowTable } from './row-table.tsx';

/** The cells of rows that were changed, by line. */
export type Corrections = ReadonlyMap<number, Values>;

type Props = { upload: Upload; changed: Corrections; onChange: (changed: Corrections) => void };

/** The rejected rows of an upload in a grid, in which they are corrected and sent again. */
export function FailedRows({ upload, changed, onChange }: Props) {
  const texts = useTexts();
  const change = ({ line, raw }: FailedRow, values: Values) => {
    const next = new Map(changed).set(line, values);
    // What is as it was is no correction.
    if (isSame(values, valuesOf(raw))) next.delete(line);
    onChange(next);
  };
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {texts.upload.edit}
      </Text>
      <RowTable
        uploadId={upload.id}
        outcome="rejected"
        label={texts.upload.failedRows}
        none={texts.rows.none}
        widths={`72px repeat(${COLUMNS.length}, minmax(0, 1fr)) minmax(0, 1.2fr)`}
        minWidth={980}
        rowHeight={76}
        header={[texts.send.line, ...COLUMNS.map((column) => texts.columns[column] ?? column), texts.send.reason]}
        cells={(row, index) => (
          <EditedRow
            row={row}
            index={index}
            values={changed.get(row.line) ?? valuesOf(row.raw)}
            isChanged={changed.has(row.line)}
            onChange={(values) => change(row, values)}
          />
        )}
      />
      <SendCorrected
        upload={upload}
        rows={[...changed].toSorted(([a], [b]) => a - b).map(([, values]) => values)}
        onForget={() => onChange(new Map())}
      />
    </Stack>
  );
}

type SendProps = { upload: Upload; rows: readonly Values[]; onForget: () => void };

/** Sends the corrected rows through the same door as any file, and goes to their upload. */
function SendCorrected({ upload, rows, onForget }: SendProps) {
  const { upload: texts, rows: rowTexts } = useTexts();
  const content = correctedCsv(rows);
  const sending = useSending(content, () => ({
    file: new File([content], texts.correctedName(upload.fileName), { type: 'text/csv' }),
    reading: { settings: {} },
    way: 'form',
  }));
  return (
    <Stack align="start">
      <SendingStatus sending={sending} />
      <Group>
        <Button disabled={rows.length === 0} loading={sending.isPending} onClick={sending.start}>
          {texts.sendAgain(rows.length)}
        </Button>
        {rows.length > 0 ? (
          <Button variant="default" onClick={onForget}>
            {rowTexts.forget}
          </Button>
        ) : null}
      </Group>
    </Stack>
  );
}
