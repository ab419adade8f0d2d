import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { Operations } from '../api/types.ts';
import { useTexts } from '../texts/texts.tsx';

/** Which services can be used, and what is wrong with the others. */
export function Services({ services }: { services: Operations['services'] }) {
  const { operate: texts } = useTexts();
  return (
    <Paper withBorder p="md" component="section">
      <Title order={2} mb="sm">
        {texts.health}
      </Title>
      <Stack gap="sm">
        {services.map(({ service, fault }) => (
          <div key={service} data-service={service}>
            <Group justify="space-between">
              <Text>{texts.services[service]}</Text>
              <Badge variant="dot" tt="none" fw={600} color={fault === null ? 'teal' : 'red'}>
                {fault === null ? texts.ready : texts.faulty}
              </Badge>
            </Group>
            {fault === null ? null : (
              <Text size="sm" role="status">
                {texts.services[service]} {fault}
              </Text>
            )}
          </div>
        ))}
      </Stack>
    </Paper>
  );
}
