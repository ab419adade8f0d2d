import { Alert, Badge, Button, Group, Modal, Paper, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client, dataOf, requireDone } from '../api/client.ts';
import { type ApiKey, SCOPES } from '../api/types.ts';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { formatMoment } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';
import { NewKey } from './new-key.tsx';

const LIMIT = 100;
const KEYS = ['api-keys'];

/** Who may do what by key: the keys are listed, made and revoked. */
export function ApiKeys() {
  const { apiKeys: texts } = useTexts();
  const keys = useQuery({
    queryKey: KEYS,
    queryFn: ({ signal }) => dataOf(client.GET('/v1/api-keys', { params: { query: { limit: LIMIT } }, signal })),
  });
  const hasNone = keys.data?.data.length === 0;
  return (
    <Paper withBorder p="md" component="section">
      <Title order={2} mb="sm">
        {texts.title}
      </Title>
      <Stack>
        {keys.error ? <ProblemAlert error={keys.error} onRetry={() => void keys.refetch()} /> : null}
        {keys.isPending && !keys.error ? <Skeleton h={120} /> : null}
        {hasNone ? (
          <Alert color="yellow" variant="light">
            {texts.none} {texts.first}
          </Alert>
        ) : null}
        {keys.data && !hasNone ? <KeyTable keys={keys.data.data} /> : null}
        {keys.data ? <NewKey isFirst={hasNone} /> : null}
      </Stack>
    </Paper>
  );
}

function KeyTable({ keys }: { keys: readonly ApiKey[] }) {
  const { apiKeys: texts } = useTexts();
  const [revoked, setRevoked] = useState<ApiKey | null>(null);
  return (
    <>
      <Table.ScrollContainer minWidth={640}>
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.name}</Table.Th>
              <Table.Th>{texts.scopes}</Table.Th>
              <Table.Th>{texts.createdAt}</Table.Th>
              <Table.Th>{texts.state}</Table.Th>
              <Table.Th>{texts.revoke}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {keys.map((key) => (
              <Table.Tr key={key.id} data-key={key.id}>
                <Table.Td>
                  {key.name}
                  <Text size="xs" c="dimmed" ff="monospace">
                    {key.id}
                  </Text>
                </Table.Td>
                <Table.Td>
                  {SCOPES.filter((scope) => key.scopes.includes(scope))
                    .map((scope) => texts.scopeNames[scope])
                    .join(', ')}
                </Table.Td>
                <Table.Td>{formatMoment(key.createdAt)}</Table.Td>
                <Table.Td>
                  <Badge variant="dot" tt="none" fw={600} color={key.revokedAt === null ? 'teal' : 'gray'}>
                    {key.revokedAt === null ? texts.valid : texts.revokedAt(formatMoment(key.revokedAt))}
                  </Badge>
                </Table.Td>
                <Table.Td>
                  {key.revokedAt === null ? (
                    <Button
                      size="xs"
                      variant="default"
                      aria-label={texts.revokeOf(key.name)}
                      onClick={() => setRevoked(key)}
                    >
                      {texts.revoke}
                    </Button>
                  ) : null}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {revoked === null ? null : <RevokeDialog apiKey={revoked} onClose={() => setRevoked(null)} />}
    </>
  );
}

function RevokeDialog({ apiKey: { id, name }, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const { apiKeys: texts, close } = useTexts();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => requireDone(client.DELETE('/v1/api-keys/{keyId}', { params: { path: { keyId: id } } })),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: KEYS });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={texts.sure(name)} closeButtonProps={{ 'aria-label': close }}>
      <Stack>
        <Text size="sm">{texts.consequence}</Text>
        {revoke.error ? <ProblemAlert error={revoke.error} /> : null}
        <Group justify="end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {texts.cancel}
          </Button>
          <Button color="red" loading={revoke.isPending} onClick={() => revoke.mutate()}>
            {texts.revoke}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
