import { Code, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { client, dataOf } from '../api/client.ts';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { formatMoment, formatNumber } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';

const LIMIT = 20;
const POLL_MS = 30_000;

/** Messages in a format or a version that nobody knows, with what they say. */
export function UnreadableMessages() {
  const { operate: texts } = useTexts();
  const list = useQuery({
    queryKey: ['unreadable-messages'],
    queryFn: ({ signal }) =>
      dataOf(client.GET('/v1/unreadable-messages', { params: { query: { limit: LIMIT } }, signal })),
    refetchInterval: POLL_MS,
  });
  const total = list.data?.pagination.total ?? 0;
  return (
    <Paper withBorder p="md" component="section">
      <Title order={2} mb="sm">
        {texts.unreadable}
      </Title>
      {list.error ? <ProblemAlert error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending && !list.error ? <Skeleton h={60} /> : null}
      {list.data && total === 0 ? <Text>{texts.noneUnreadable}</Text> : null}
      {total > LIMIT ? <Text size="sm">{texts.firstMessages(formatNumber(LIMIT), formatNumber(total))}</Text> : null}
      <Stack>
        {list.data?.data.map(({ messageId, reason, receivedAt, bodyStart, bodyLength, queue }) => (
          <div key={messageId}>
            <Text size="sm" fw={600}>
              {reason}
            </Text>
            <Text size="sm" c="dimmed">
              {queue} · {messageId} · {formatMoment(receivedAt)}
            </Text>
            <Code block className="message-body" tabIndex={0}>
              {bodyStart}
            </Code>
            {bodyLength > bodyStart.length ? (
              <Text size="xs" c="dimmed">
                {texts.cut(formatNumber(bodyStart.length), formatNumber(bodyLength))}
              </Text>
            ) : null}
          </div>
        ))}
      </Stack>
    </Paper>
  );
}
