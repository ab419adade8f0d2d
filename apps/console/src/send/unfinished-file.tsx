import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { abandonUpload, planAgain } from '../api/send-direct.ts';
import { forgetUnfinished, type UnfinishedFile } from '../api/unfinished-files.ts';
import { useSending } from '../api/use-sending.ts';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { formatMoment, formatSize } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';
import { SendingStatus } from './sending-status.tsx';

type Props = { file: File; unfinished: UnfinishedFile; onAnew: () => void };

/** A file of which a part was sent already: the rest can be sent, or all of it anew. */
export function UnfinishedFileChosen({ file, unfinished, onAnew }: Props) {
  const { sending: texts } = useTexts();
  const { uploadId } = unfinished;
  const plan = useQuery({ queryKey: ['parts', uploadId], queryFn: () => planAgain(uploadId), staleTime: 0, gcTime: 0 });
  const sending = useSending(uploadId, () => ({ file, reading: { settings: {} }, way: { uploadId } }));
  const startAnew = () => {
    if (plan.data === undefined) forgetUnfinished(uploadId);
    else void abandonUpload(uploadId);
    onAnew();
  };
  const there = plan.data?.parts.filter(({ etag }) => etag !== null) ?? [];
  const sentBytes = there.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return (
    <Stack>
      <Alert color="blue" variant="light" title={texts.unfinished}>
        <Text size="sm">{texts.begun(formatMoment(new Date(unfinished.since).toISOString()))}</Text>
        {plan.data === undefined ? null : (
          <Text size="sm">{texts.of(formatSize(sentBytes), formatSize(file.size))}</Text>
        )}
      </Alert>
      {plan.error ? <ProblemAlert error={plan.error} onRetry={() => void plan.refetch()} /> : null}
      <SendingStatus sending={sending} />
      {sending.isPending ? null : (
        <Group>
          <Button disabled={plan.data === undefined} loading={plan.isFetching} onClick={sending.start}>
            {texts.goOn}
          </Button>
          <Button variant="default" onClick={startAnew}>
            {texts.anew}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

/** Files that were not sent completely: a browser gives none to a page again, so they are to be chosen. */
export function UnfinishedFiles({ files }: { files: readonly UnfinishedFile[] }) {
  const { sending: texts } = useTexts();
  if (files.length === 0) return null;
  return (
    <Alert color="blue" variant="light" title={texts.unfinishedFiles}>
      {files.map(({ uploadId, name, size }) => (
        <Text size="sm" key={uploadId}>
          {name} ({formatSize(size)})
        </Text>
      ))}
      <Text size="sm" mt="xs">
        {texts.chooseAgain}
      </Text>
    </Alert>
  );
}
