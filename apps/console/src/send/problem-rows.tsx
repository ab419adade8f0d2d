import { List, Paper, Text, Title } from '@mantine/core';
import type { DryRun } from '../api/types.ts';
import { useTexts } from '../texts/texts.tsx';
import { LineTable } from './line-table.tsx';

/** Why rows would be rejected: each reason with how many have it, where several share one, then the first rows. */
export function ProblemRows({ run: { problems, problemKinds, counts } }: { run: DryRun }) {
  const { send: texts } = useTexts();
  const rows = problems.map(({ line, errors }) => ({ line, cells: [errors.map(({ message }) => message).join('; ')] }));
  return (
    <>
      {counts.rejected > problemKinds.length ? <Kinds kinds={problemKinds} /> : null}
      <LineTable title={texts.problems} columns={[texts.reason]} rows={rows} total={counts.rejected} />
    </>
  );
}

function Kinds({ kinds }: { kinds: DryRun['problemKinds'] }) {
  const { send: texts } = useTexts();
  return (
    <Paper withBorder p="md">
      <Title order={2} mb="xs">
        {texts.reasons}
      </Title>
      <List size="sm" spacing={4}>
        {kinds.map(({ code, column, message, count, lines }) => (
          <List.Item key={`${code} ${column}`}>
            <Text span size="sm" fw={600}>
              {texts.rows(count)}
            </Text>{' '}
            {message}{' '}
            <Text span size="sm" c="dimmed">
              {texts.linesOf(lines, count > lines.length)}
            </Text>
          </List.Item>
        ))}
      </List>
    </Paper>
  );
}
