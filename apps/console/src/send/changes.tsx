import { Paper, Table, Text, Title } from '@mantine/core';
import type { DryRun } from '../api/types.ts';
import { formatNumber } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';

/** The first people who are there already and would change, from what to what; nothing without any. */
export function Changes({ changes, updated }: { changes: DryRun['changes']; updated: number }) {
  const texts = useTexts();
  if (changes.length === 0) return null;
  return (
    <Paper withBorder p="md">
      <Title order={2} mb="xs">
        {texts.send.changes}
      </Title>
      {updated > changes.length ? (
        <Text size="sm" c="dimmed" mb="xs">
          {texts.send.firstOnly(changes.length, updated)}
        </Text>
      ) : null}
      <Table.ScrollContainer minWidth={480} mah={400}>
        <Table stickyHeader verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th className="number" w={80}>
                {texts.send.line}
              </Table.Th>
              <Table.Th>{texts.columns.email}</Table.Th>
              <Table.Th>{texts.send.change}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {changes.map(({ line, email, columns }) => (
              <Table.Tr key={line}>
                <Table.Td className="number">{formatNumber(line)}</Table.Td>
                <Table.Td>{email}</Table.Td>
                <Table.Td>
                  {Object.entries(columns).map(([column, change]) => (
                    <Text size="sm" key={column}>
                      {texts.columns[column] ?? column}: <del>{change?.from ?? texts.people.noNumber}</del>{' '}
                      <ins>{change?.to ?? texts.people.noNumber}</ins>
                    </Text>
                  ))}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
