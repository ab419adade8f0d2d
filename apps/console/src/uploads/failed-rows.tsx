import { Button, Group, Paper, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client, dataOf } from '../api/client.ts';
import { COLUMNS, type Column } from '../api/settings.ts';
import type { FailedRow, Upload } from '../api/types.ts';
import { useSending } from '../api/use-sending.ts';
import { DownloadLink } from '../parts/download-link.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { SendingStatus } from '../send/sending-status.tsx';
import { formatNumber } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';
import { correctedCsv, type Values, valuesOf } from './corrected-csv.ts';

const LIMIT = 50;

/** The rejected rows of an upload in a grid, in which they are corrected and sent again. */
export function FailedRows({ upload }: { upload: Upload }) {
  const { upload: texts } = useTexts();
  const [changed, setChanged] = useState<ReadonlyMap<number, Values>>(new Map());
  const rows = useInfiniteQuery({
    queryKey: ['failed-rows', upload.id],
    queryFn: ({ pageParam, signal }) => {
      const params = {
        path: { id: upload.id },
        query: { outcome: 'rejected', page: pageParam, limit: LIMIT },
      } as const;
      return dataOf(client.GET('/v1/uploads/{id}/failed-rows', { params, signal }));
    },
    initialPageParam: 1,
    getNextPageParam: ({ pagination: { page, limit, total } }) => (page * limit < total ? page + 1 : undefined),
  });
  const shown = rows.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" mb="xs">
        <Title order={2}>{texts.failedRows}</Title>
        <DownloadLink path={`/v1/uploads/${upload.id}/failed-rows.csv`}>{texts.download}</DownloadLink>
      </Group>
      {rows.error ? <ProblemAlert error={rows.error} onRetry={() => void rows.refetch()} /> : null}
      <Text size="sm" c="dimmed" mb="sm">
        {texts.edit}
      </Text>
      <RowGrid
        rows={shown}
        changed={changed}
        onChange={(line, values) => setChanged(new Map(changed).set(line, values))}
      />
      <Group mt="md" justify="space-between">
        <SendCorrected upload={upload} rows={[...changed.values()]} />
        {rows.hasNextPage ? (
          <Button variant="default" loading={rows.isFetchingNextPage} onClick={() => void rows.fetchNextPage()}>
            {texts.more}
          </Button>
        ) : null}
      </Group>
    </Paper>
  );
}

type GridProps = {
  rows: readonly FailedRow[];
  changed: ReadonlyMap<number, Values>;
  onChange: (line: number, values: Values) => void;
};

function RowGrid({ rows, changed, onChange }: GridProps) {
  const texts = useTexts();
  return (
    <Table.ScrollContainer minWidth={900}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th className="number" w={70}>
              {texts.send.line}
            </Table.Th>
            {COLUMNS.map((column) => (
              <Table.Th key={column}>{texts.columns[column] ?? column}</Table.Th>
            ))}
            <Table.Th>{texts.send.reason}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <GridRow key={row.line} row={row} values={changed.get(row.line) ?? valuesOf(row.raw)} onChange={onChange} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

type RowProps = { row: FailedRow; values: Values | undefined; onChange: GridProps['onChange'] };

function GridRow({ row, values, onChange }: RowProps) {
  const texts = useTexts();
  const reasons = row.errors.map(({ message }) => message).join('; ');
  if (values === undefined) {
    return (
      <Table.Tr>
        <Table.Td className="number">{formatNumber(row.line)}</Table.Td>
        <Table.Td colSpan={COLUMNS.length}>
          <Text size="sm" lineClamp={2} ff="monospace">
            {[row.raw].flat().join(' | ')}
          </Text>
          <Text size="sm" c="dimmed">
            {texts.upload.unshaped}
          </Text>
        </Table.Td>
        <Table.Td>{reasons}</Table.Td>
      </Table.Tr>
    );
  }
  return (
    <Table.Tr>
      <Table.Td className="number">{formatNumber(row.line)}</Table.Td>
      {COLUMNS.map((column) => (
        <Cell
          key={column}
          column={column}
          line={row.line}
          value={values[column]}
          reason={row.errors.find((error) => error.column === column)?.message}
          onChange={(value) => onChange(row.line, { ...values, [column]: value })}
        />
      ))}
      <Table.Td>
        <Text size="sm">{reasons}</Text>
      </Table.Td>
    </Table.Tr>
  );
}

type CellProps = {
  column: Column;
  line: number;
  value: string;
  reason: string | undefined;
  onChange: (value: string) => void;
};

function Cell({ column, line, value, reason, onChange }: CellProps) {
  const texts = useTexts();
  const name = `${texts.columns[column] ?? column}, ${texts.send.line} ${line}`;
  return (
    <Table.Td className={reason === undefined ? undefined : 'bad-cell'}>
      <TextInput
        size="xs"
        variant="unstyled"
        aria-label={name}
        error={reason !== undefined}
        title={reason}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </Table.Td>
  );
}

/** Sends the corrected rows through the same door as any file, and goes to their upload. */
function SendCorrected({ upload, rows }: { upload: Upload; rows: readonly Values[] }) {
  const { upload: texts } = useTexts();
  const content = correctedCsv(rows);
  const sending = useSending(content, () => ({
    file: new File([content], texts.correctedName(upload.fileName), { type: 'text/csv' }),
    reading: { settings: {} },
    way: 'form',
  }));
  return (
    <Stack align="start">
      <SendingStatus sending={sending} />
      <Button disabled={rows.length === 0} loading={sending.isPending} onClick={sending.start}>
        {texts.sendAgain(rows.length)}
      </Button>
    </Stack>
  );
}
