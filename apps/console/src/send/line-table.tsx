import { Paper, Table, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatNumber } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';

type Props = {
  title: string;
  /** Names of the columns after the line. */
  columns: readonly string[];
  rows: readonly { line: number; cells: readonly ReactNode[] }[];
  /** How many there are, of which these are the first. */
  total: number;
};

/** Rows of a file by their lines; nothing without any. */
export function LineTable({ title, columns, rows, total }: Props) {
  const { send: texts } = useTexts();
  if (rows.length === 0) return null;
  return (
    <Paper withBorder p="md">
      <Title order={2} mb="xs">
        {title}
      </Title>
      {total > rows.length ? (
        <Text size="sm" c="dimmed" mb="xs">
          {texts.firstOnly(rows.length, total)}
        </Text>
      ) : null}
      <Table.ScrollContainer minWidth={140 * (columns.length + 1)} mah={400}>
        <Table stickyHeader verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th className="number" w={80}>
                {texts.line}
              </Table.Th>
              {columns.map((name) => (
                <Table.Th key={name}>{name}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ line, cells }) => (
              <Table.Tr key={line}>
                <Table.Td className="number">{formatNumber(line)}</Table.Td>
                {cells.map((cell, index) => (
                  <Table.Td key={columns[index]}>{cell}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
