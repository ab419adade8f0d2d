import { Badge, Button, Skeleton, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client, dataOf } from '../api/client.ts';
import type { EventType, Webhook, WebhookDelivery } from '../api/types.ts';
import { Pager } from '../parts/pager.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { formatMoment, formatNumber } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';

const LIMIT = 10;
const POLL_MS = 5000;
const COLOR: Record<WebhookDelivery['status'], string> = { pending: 'blue', delivered: 'teal', failed: 'red' };

/** The deliveries of a webhook, newest first, each with its last attempt. */
export function DeliveryLog({ webhook: { id: webhookId, disabledAt } }: { webhook: Webhook }) {
  const { webhooks: texts } = useTexts();
  const [page, setPage] = useState(1);
  const path = { webhookId };
  const list = useQuery({
    queryKey: ['webhook-deliveries', webhookId, page],
    queryFn: ({ signal }) => {
      const params = { path, query: { page, limit: LIMIT } };
      return dataOf(client.GET('/v1/webhooks/{webhookId}/deliveries', { params, signal }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: POLL_MS,
  });
  const replay = useMutation({
    mutationFn: (deliveryId: string) => {
      const params = { path: { ...path, deliveryId } };
      return dataOf(client.POST('/v1/webhooks/{webhookId}/deliveries/{deliveryId}/replay', { params }));
    },
    onSettled: () => list.refetch(),
  });
  const error = list.error ?? replay.error;
  return (
    <Stack>
      {error ? <ProblemAlert error={error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending ? <Skeleton h={80} /> : null}
      {list.data?.pagination.total === 0 ? <Text c="dimmed">{texts.noDeliveries}</Text> : null}
      {list.data && list.data.data.length > 0 ? (
        <DeliveryTable deliveries={list.data.data} onReplay={disabledAt === null ? replay.mutate : undefined} />
      ) : null}
      {list.data && list.data.pagination.totalPages > 1 ? (
        <Pager page={page} isLast={page >= list.data.pagination.totalPages} onPage={setPage} size="xs" />
      ) : null}
    </Stack>
  );
}

type TableProps = { deliveries: readonly WebhookDelivery[]; onReplay: ((id: string) => void) | undefined };

function DeliveryTable({ deliveries, onReplay }: TableProps) {
  const { webhooks: texts, eventTypes } = useTexts();
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{texts.event}</Table.Th>
            <Table.Th>{texts.status}</Table.Th>
            <Table.Th>{texts.lastAttempt}</Table.Th>
            <Table.Th>{texts.next}</Table.Th>
            <Table.Th>
              <VisuallyHidden>{texts.replay}</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {deliveries.map((delivery) => (
            <Table.Tr key={delivery.id}>
              <Table.Td>
                {eventTypes[delivery.type as EventType] ?? delivery.type}
                <Text size="xs" c="dimmed">
                  {delivery.eventId}
                </Text>
              </Table.Td>
              <Table.Td>
                <Badge color={COLOR[delivery.status]} variant="dot" tt="none" data-delivery={delivery.status}>
                  {texts.statuses[delivery.status]}
                </Badge>
              </Table.Td>
              <Table.Td>
                <LastAttempt delivery={delivery} />
              </Table.Td>
              <Table.Td>{delivery.nextAttemptAt === null ? '' : formatMoment(delivery.nextAttemptAt)}</Table.Td>
              <Table.Td>
                {onReplay ? (
                  <Button size="compact-xs" variant="default" onClick={() => onReplay(delivery.id)}>
                    {texts.replay}
                  </Button>
                ) : null}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function LastAttempt({ delivery }: { delivery: WebhookDelivery }) {
  const { webhooks: texts } = useTexts();
  const last = delivery.attempts.at(-1);
  if (last === undefined) return null;
  const { attempt, at, durationMs, httpStatus, error } = last;
  return (
    <>
      {error === null ? '' : `${texts.errors[error]} `}
      {httpStatus === null ? '' : `(${httpStatus})`}
      <Text size="xs" c="dimmed">
        {texts.attempt(formatNumber(attempt), formatMoment(at), formatNumber(durationMs))}
      </Text>
    </>
  );
}
