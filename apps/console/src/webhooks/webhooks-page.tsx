import { Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client, dataOf } from '../api/client.ts';
import type { WebhookWithSecret } from '../api/types.ts';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { useTexts } from '../texts/texts.tsx';
import { AddWebhook } from './add-webhook.tsx';
import { SecretAlert } from './secret-alert.tsx';
import { WebhookCard } from './webhook-card.tsx';

/** As many as there can be. */
const LIMIT = 100;

/** Who is told of events over HTTP. */
export function WebhooksPage() {
  const { webhooks: texts } = useTexts();
  const [shown, setShown] = useState<WebhookWithSecret>();
  const list = useQuery({
    queryKey: ['webhooks'],
    queryFn: ({ signal }) => dataOf(client.GET('/v1/webhooks', { params: { query: { limit: LIMIT } }, signal })),
  });
  return (
    <Stack>
      <Title order={1}>{texts.title}</Title>
      <Text>{texts.about}</Text>
      {shown ? <SecretAlert webhook={shown} onClose={() => setShown(undefined)} /> : null}
      <AddWebhook onAdded={setShown} />
      {list.error ? <ProblemAlert error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending ? <Skeleton h={160} /> : null}
      {list.data?.data.length === 0 ? <Text c="dimmed">{texts.none}</Text> : null}
      {list.data?.data.map((webhook) => (
        <WebhookCard key={webhook.id} webhook={webhook} onRotated={setShown} />
      ))}
    </Stack>
  );
}
