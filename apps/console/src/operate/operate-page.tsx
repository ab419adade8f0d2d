import { Paper, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { client, dataOf } from '../api/client.ts';
import type { Operations } from '../api/types.ts';
import { Facts } from '../parts/facts.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { formatDuration, formatSize } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';
import { ApiKeys } from './api-keys.tsx';
import { Queues } from './queues.tsx';
import { RowsChart } from './rows-chart.tsx';
import { Services } from './services.tsx';
import { UnreadableMessages } from './unreadable-messages.tsx';

const POLL_MS = 5000;

/** How it all goes, and who may do what: for who runs Rowferry. */
export function OperatePage() {
  const { operate: texts } = useTexts();
  const operations = useQuery({
    queryKey: ['operations'],
    queryFn: ({ signal }) => dataOf(client.GET('/v1/operations', { signal })),
    refetchInterval: POLL_MS,
  });
  return (
    <Stack gap="lg">
      <Title order={1}>{texts.title}</Title>
      {operations.error ? <ProblemAlert error={operations.error} onRetry={() => void operations.refetch()} /> : null}
      {operations.isPending && !operations.error ? <Skeleton h={320} /> : null}
      {operations.data ? (
        <>
          <SystemState operations={operations.data} />
          <UnreadableMessages />
          <ApiKeys />
        </>
      ) : null}
    </Stack>
  );
}

function SystemState({ operations }: { operations: Operations }) {
  const { operate: texts, upload: units } = useTexts();
  const { oldestUploadSeconds: seconds, freeDiskBytes, version } = operations;
  const facts: [string, string][] = [
    [texts.oldest, seconds === null ? texts.unknown : seconds === 0 ? texts.none : formatDuration(seconds, units)],
    ...(freeDiskBytes === null ? [] : [[texts.disk, formatSize(freeDiskBytes)] as [string, string]]),
    [texts.version, version],
  ];
  return (
    <>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Services services={operations.services} />
        <Queues queues={operations.queues} />
      </SimpleGrid>
      <Paper withBorder p="md" component="section">
        <Title order={2} mb="sm">
          {texts.lastHour}
        </Title>
        {operations.lastHour === null ? <Text>{texts.unknown}</Text> : <RowsChart steps={operations.lastHour} />}
      </Paper>
      <Facts title={texts.system} facts={facts} />
    </>
  );
}
