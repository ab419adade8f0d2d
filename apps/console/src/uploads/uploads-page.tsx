import { Anchor, Button, Group, NativeSelect, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { client, dataOf } from '../api/client.ts';
import { isFinished, STATUSES, type Upload, type UploadStatus } from '../api/types.ts';
import { Pager } from '../parts/pager.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import { formatMoment, formatNumber } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';
import { SentBy } from './sent-by.tsx';

const LIMIT = 20;
const POLL_MS = 3000;

/** All uploads, newest first. What is shown is in the URL, so that a link to it can be sent. */
export function UploadsPage() {
  const texts = useTexts();
  const [parameters, setParameters] = useSearchParams();
  const status = STATUSES.find((known) => known === parameters.get('status'));
  const page = Math.max(1, Number.parseInt(parameters.get('page') ?? '1', 10) || 1);
  const list = useQuery({
    queryKey: ['uploads', status, page],
    queryFn: ({ signal }) => {
      const query = { page, limit: LIMIT, ...(status === undefined ? {} : { status }) };
      return dataOf(client.GET('/v1/uploads', { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.data.some((upload) => !isFinished(upload.status)) ? POLL_MS : false),
  });
  const show = (changes: { status?: UploadStatus | undefined; page?: number }) => {
    const next = { status, page: 1, ...changes };
    setParameters({
      ...(next.status === undefined ? {} : { status: next.status }),
      ...(next.page > 1 ? { page: String(next.page) } : {}),
    });
  };
  return (
    <Stack>
      <Group justify="space-between" align="end">
        <Title order={1}>{texts.uploads.title}</Title>
        <NativeSelect
          label={texts.uploads.status}
          value={status ?? ''}
          onChange={(event) => {
            const { value } = event.currentTarget;
            show({ status: STATUSES.find((known) => known === value) });
          }}
          data={[
            { value: '', label: texts.uploads.all },
            ...STATUSES.map((value) => ({ value, label: texts.statuses[value] })),
          ]}
        />
      </Group>
      {list.error ? <ProblemAlert error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending && !list.error ? <Skeleton h={240} /> : null}
      {list.data ? <UploadTable uploads={list.data.data} isFiltered={status !== undefined} /> : null}
      {list.data && (page > 1 || list.data.data.length === LIMIT) ? (
        <Pager page={page} isLast={list.data.data.length < LIMIT} onPage={(next) => show({ page: next })} />
      ) : null}
    </Stack>
  );
}

function UploadTable({ uploads, isFiltered }: { uploads: readonly Upload[]; isFiltered: boolean }) {
  const texts = useTexts();
  if (uploads.length === 0) {
    return (
      <Stack align="start">
        <Text>{isFiltered ? texts.uploads.noneWithStatus : texts.uploads.none}</Text>
        <Button component={Link} to="/">
          {texts.uploads.sendOne}
        </Button>
      </Stack>
    );
  }
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table highlightOnHover verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{texts.uploads.file}</Table.Th>
            <Table.Th>{texts.uploads.status}</Table.Th>
            <Table.Th>{texts.uploads.received}</Table.Th>
            <Table.Th>{texts.uploads.sentBy}</Table.Th>
            <Table.Th className="number">{texts.uploads.rows}</Table.Th>
            <Table.Th className="number">{texts.outcomes.rejected}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {uploads.map((upload) => (
            <Table.Tr key={upload.id}>
              <Table.Td>
                <Anchor component={Link} to={`/uploads/${upload.id}`}>
                  {upload.fileName}
                </Anchor>
                <Marks upload={upload} />
              </Table.Td>
              <Table.Td>
                <StatusBadge status={upload.status} />
              </Table.Td>
              <Table.Td>{upload.receivedAt === null ? '' : formatMoment(upload.receivedAt)}</Table.Td>
              <Table.Td>
                <SentBy sender={upload.sentBy} />
              </Table.Td>
              <Table.Td className="number">{upload.total === null ? '' : formatNumber(upload.total)}</Table.Td>
              <Table.Td className="number">{formatNumber(upload.counts.rejected + upload.counts.dead)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** What one may want to look at, though the file was imported. */
function Marks({ upload: { duplicateOf, warnings } }: { upload: Upload }) {
  const { uploads: texts } = useTexts();
  if (duplicateOf === null && warnings.length === 0) return null;
  return (
    <Group gap="xs">
      {duplicateOf === null ? null : (
        <Anchor component={Link} to={`/uploads/${duplicateOf}`} size="xs">
          {texts.duplicate}
        </Anchor>
      )}
      {warnings.length === 0 ? null : (
        <Text size="xs" c="dimmed" title={warnings.map(({ text }) => text).join('\n')}>
          {texts.warnings(warnings.length)}
        </Text>
      )}
    </Group>
  );
}
