import { Alert, Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, dataOf } from '../api/client.ts';
import { toProblemError } from '../api/problem.ts';
import type { EventType, Webhook, WebhookWithSecret } from '../api/types.ts';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { formatMoment } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';
import { DeliveryLog } from './delivery-log.tsx';

type Props = { webhook: Webhook; onRotated: (webhook: WebhookWithSecret) => void };

/** One webhook, what it is called for, and what can be done with it. */
export function WebhookCard({ webhook, onRotated }: Props) {
  const { webhooks: texts, eventTypes } = useTexts();
  const { url, description, types, lastDeliveredAt, disabledAt, disabledReason } = webhook;
  const [isLogOpen, log] = useDisclosure();
  const { rotate, enable, remove } = useChanges(webhook.id, onRotated);
  const error = rotate.error ?? enable.error ?? remove.error;
  return (
    <Paper withBorder p="md" component="article" aria-label={url}>
      <Stack gap="xs">
        <Title order={2} size="h4" style={{ overflowWrap: 'anywhere' }}>
          {url}
        </Title>
        {description === null ? null : <Text>{description}</Text>}
        <Group gap="xs">
          {types.map((type) => (
            <Badge key={type} variant="light" tt="none">
              {eventTypes[type as EventType] ?? type}
            </Badge>
          ))}
        </Group>
        <Text size="sm" c="dimmed">
          {lastDeliveredAt === null ? texts.neverDelivered : texts.lastDelivered(formatMoment(lastDeliveredAt))}
        </Text>
        {disabledAt !== null && disabledReason !== null ? (
          <Alert color="red" variant="light" title={texts.disabled(formatMoment(disabledAt))}>
            <Text size="sm">{texts.reasons[disabledReason]}</Text>
            <Button mt="xs" size="xs" loading={enable.isPending} onClick={() => enable.mutate()}>
              {texts.enable}
            </Button>
          </Alert>
        ) : null}
        {error ? <ProblemAlert error={error} /> : null}
        <Group>
          <Button size="xs" variant="default" aria-expanded={isLogOpen} onClick={log.toggle}>
            {texts.deliveries}
          </Button>
          <ConfirmedButton
            text={texts.rotate}
            confirm={texts.rotateNow}
            isPending={rotate.isPending}
            onConfirm={rotate.mutate}
          />
          <ConfirmedButton
            text={texts.remove}
            confirm={texts.removeNow}
            isPending={remove.isPending}
            onConfirm={remove.mutate}
          />
        </Group>
        {isLogOpen ? <DeliveryLog webhook={webhook} /> : null}
      </Stack>
    </Paper>
  );
}

function useChanges(webhookId: string, onRotated: Props['onRotated']) {
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries({ queryKey: ['webhooks'] });
  const params = { path: { webhookId } };
  return {
    rotate: useMutation({
      mutationFn: () => dataOf(client.POST('/v1/webhooks/{webhookId}/rotate-secret', { params })),
      onSuccess: onRotated,
      onSettled,
    }),
    enable: useMutation({
      mutationFn: () => dataOf(client.POST('/v1/webhooks/{webhookId}/enable', { params })),
      onSettled,
    }),
    remove: useMutation({
      mutationFn: async () => {
        const { error, response } = await client.DELETE('/v1/webhooks/{webhookId}', { params });
        if (!response.ok) throw toProblemError(response.status, error);
      },
      onSettled,
    }),
  };
}

type Confirmed = { text: string; confirm: string; isPending: boolean; onConfirm: () => void };

/** A button that asks once more: what it does cannot be undone. */
function ConfirmedButton({ text, confirm, isPending, onConfirm }: Confirmed) {
  const [isAsking, asking] = useDisclosure();
  if (!isAsking)
    return (
      <Button size="xs" variant="default" loading={isPending} onClick={asking.open}>
        {text}
      </Button>
    );
  const go = () => {
    asking.close();
    onConfirm();
  };
  return (
    <Button size="xs" color="red" onClick={go} onBlur={asking.close} autoFocus>
      {confirm}
    </Button>
  );
}
