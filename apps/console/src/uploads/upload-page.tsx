import { Alert, Anchor, Button, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { client, dataOf } from '../api/client.ts';
import { isFinished, OUTCOMES, type Upload } from '../api/types.ts';
import { Facts } from '../parts/facts.tsx';
import { OutcomeBar } from '../parts/outcome-bar.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import { Warnings } from '../parts/warnings.tsx';
import { formatDuration, formatMoment, formatNumber, formatSize } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';
import { NotifyButton } from './notify-button.tsx';
import { SentBy } from './sent-by.tsx';
import { statedSettings } from './stated-settings.ts';
import { UploadRows } from './upload-rows.tsx';
import { useUpload } from './use-upload.ts';

/** One upload: how it goes on, what came of it, and the rows to correct. */
export function UploadPage() {
  const { id = '' } = useParams();
  return <UploadView key={id} id={id} />;
}

function UploadView({ id }: { id: string }) {
  const texts = useTexts();
  const { upload, error, isConnected, retry } = useUpload(id);
  return (
    <Stack gap="lg">
      <Anchor component={Link} to="/uploads" size="sm">
        ← {texts.upload.back}
      </Anchor>
      {error ? <ProblemAlert error={error} onRetry={retry} /> : null}
      {upload === undefined && !error ? <Skeleton h={240} /> : null}
      {upload ? <UploadDetails upload={upload} isConnected={isConnected} /> : null}
    </Stack>
  );
}

function UploadDetails({ upload, isConnected }: { upload: Upload; isConnected: boolean }) {
  const texts = useTexts();
  return (
    <>
      <Group justify="space-between">
        <Title order={1}>{upload.fileName}</Title>
        <StatusBadge status={upload.status} />
      </Group>
      {upload.failure ? (
        <Alert color="red" variant="light" title={texts.send.failure} role="alert">
          {upload.failure.detail}
        </Alert>
      ) : null}
      {upload.duplicateOf ? (
        <Alert color="blue" variant="light">
          {texts.upload.duplicate}{' '}
          <Anchor component={Link} to={`/uploads/${upload.duplicateOf}`} size="sm">
            {texts.upload.duplicateLink}
          </Anchor>
        </Alert>
      ) : null}
      <Warnings warnings={upload.warnings} />
      <Paper withBorder p="md">
        <OutcomeBar counts={upload.counts} total={upload.total} label={texts.upload.progress} />
        <Pace upload={upload} isConnected={isConnected} />
        {isFinished(upload.status) ? null : <NotifyButton />}
      </Paper>
      {mayBeRedriven(upload) ? <RedriveButton upload={upload} /> : null}
      <UploadRows upload={upload} />
      <FileFacts upload={upload} />
    </>
  );
}

/** How fast it goes, and how long it will take; of a finished upload, how long it took. */
function Pace({ upload, isConnected }: { upload: Upload; isConnected: boolean }) {
  const texts = useTexts();
  const done = OUTCOMES.reduce((sum, outcome) => sum + upload.counts[outcome], 0);
  const parts = [upload.total === null ? '' : texts.upload.of(formatNumber(done), formatNumber(upload.total))];
  const seconds = secondsOf(upload);
  if (seconds !== null && isFinished(upload.status))
    parts.push(texts.upload.took(formatDuration(seconds, texts.upload)));
  if (seconds !== null && seconds > 0 && done > 0)
    parts.push(texts.upload.perSecond(formatNumber(Math.round(done / seconds))));
  if (upload.estimatedSecondsLeft !== null)
    parts.push(texts.upload.left(formatDuration(upload.estimatedSecondsLeft, texts.upload)));
  return (
    <Text size="sm" c="dimmed" mt="sm" role="status">
      {parts.filter((part) => part !== '').join(' · ')}
      {isConnected || isFinished(upload.status) ? '' : ` ${texts.upload.lost}`}
    </Text>
  );
}

function secondsOf({ startedAt, finishedAt }: Upload): number | null {
  if (startedAt === null) return null;
  const end = finishedAt === null ? Date.now() : Date.parse(finishedAt);
  return Math.max(0, (end - Date.parse(startedAt)) / 1000);
}

/** Whether something of it failed for no fault of its file: its file was not read, or rows were not written. */
function mayBeRedriven({ status, counts }: Upload): boolean {
  return status === 'stalled' || status === 'failed' || (counts.dead > 0 && isFinished(status));
}

/** For operators. The API says so to others. */
function RedriveButton({ upload: { id, counts } }: { upload: Upload }) {
  const { upload: texts, rows: rowTexts, close } = useTexts();
  const queries = useQueryClient();
  const redrive = useMutation({
    mutationFn: () => dataOf(client.POST('/v1/uploads/{id}/redrive', { params: { path: { id } } })),
    onSuccess: ({ rows, file }) => {
      const message = file ? rowTexts.readAgain : texts.redriven(rows);
      notifications.show({ message, closeButtonProps: { 'aria-label': close } });
      void queries.invalidateQueries({ queryKey: ['upload', id] });
      void queries.invalidateQueries({ queryKey: ['failed-rows', id] });
    },
  });
  return (
    <Stack align="start">
      {redrive.error ? <ProblemAlert error={redrive.error} /> : null}
      <Button variant="default" loading={redrive.isPending} onClick={() => redrive.mutate()}>
        {counts.dead > 0 ? texts.redrive : rowTexts.reread}
      </Button>
    </Stack>
  );
}

function FileFacts({ upload }: { upload: Upload }) {
  const texts = useTexts();
  const params = { path: { id: upload.id } };
  const readBy = useQuery({
    queryKey: ['upload-settings', upload.id, upload.startedAt],
    queryFn: ({ signal }) => dataOf(client.GET('/v1/uploads/{id}/settings', { params, signal })),
  });
  const { detected, columns } = upload;
  const facts: [string, ReactNode][] = [[texts.uploads.sentBy, <SentBy key="sender" sender={upload.sentBy} />]];
  if (upload.receivedAt !== null) facts.push([texts.uploads.received, formatMoment(upload.receivedAt)]);
  if (upload.sizeBytes !== null) facts.push([texts.upload.size, formatSize(upload.sizeBytes)]);
  if (detected !== null) {
    facts.push([texts.send.encoding, detected.encoding]);
    facts.push([texts.send.delimiter, texts.send.delimiters[detected.delimiter] ?? detected.delimiter]);
  }
  for (const [column, source] of Object.entries(columns ?? {}))
    if (source !== null) facts.push([texts.columns[column] ?? column, source]);
  if (readBy.data?.profile) facts.push([texts.upload.profile, readBy.data.profile]);
  const stated = readBy.data?.settings ? statedSettings(readBy.data.settings, texts) : [];
  if (stated.length > 0) facts.push([texts.upload.stated, stated.join('; ')]);
  return <Facts title={texts.upload.facts} facts={facts} />;
}
