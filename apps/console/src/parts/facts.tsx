import { Group, Paper, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** Names and values, side by side under a title. */
export function Facts({
  title,
  facts,
}: {
  title: string;
  facts: readonly (readonly [name: string, value: ReactNode])[];
}) {
  return (
    <Paper withBorder p="md">
      <Title order={2} mb="sm">
        {title}
      </Title>
      <Group gap="xl">
        {facts.map(([name, value]) => (
          <div key={name}>
            <Text size="sm" c="dimmed">
              {name}
            </Text>
            <Text component="div">{value}</Text>
          </div>
        ))}
      </Group>
    </Paper>
  );
}
