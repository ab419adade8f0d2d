import { Paper, Table, Text, Title } from '@mantine/core';
import type { DryRun } from '../api/types.ts';
import { formatNumber } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';

/** The first rows that would be rejected, and why; nothing without any. */
export function ProblemRows({ problems, rejected }: { problems: DryRun['problems']; rejected: number }) {
  const { send: texts } = useTexts();
  if (problems.length === 0) return null;
  return (
    <Paper withBorder p="md">
      <Title order={2} mb="xs">
        {texts.problems}
      </Title>
      {rejected > problems.length ? (
        <Text size="sm" c="dimmed" mb="xs">
          {texts.firstOnly(problems.length, rejected)}
        </Text>
      ) : null}
      <Table.ScrollContainer minWidth={280} mah={400}>
        <Table stickyHeader verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th className="number" w={80}>
                {texts.line}
              </Table.Th>
              <Table.Th>{texts.reason}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {problems.map(({ line, errors }) => (
              <Table.Tr key={line}>
                <Table.Td className="number">{formatNumber(line)}</Table.Td>
                <Table.Td>{errors.map(({ message }) => message).join('; ')}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
