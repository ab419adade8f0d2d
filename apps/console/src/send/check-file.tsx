import { Alert, Group, Loader, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client, dataOf } from '../api/client.ts';
import { FileUnreadableError, isReadable } from '../api/problem.ts';
import { dryRunFile, type Reading } from '../api/send-file.ts';
import type { Limits } from '../api/types.ts';
import { unfinishedUploadOf } from '../api/unfinished-files.ts';
import type { Waiting } from '../api/until-answered.ts';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { formatSize } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';
import { DryRunResult } from './dry-run-result.tsx';
import { BEGINNING_BYTES, beginningOf } from './file-beginning.ts';
import { SendButton } from './send-button.tsx';
import { UnfinishedFileChosen } from './unfinished-file.tsx';

/** Says what an upload of the file would do, lets its columns be stated, and sends it. */
export function CheckFile({ file }: { file: File }) {
  const { sending: texts } = useTexts();
  const limits = useQuery({
    queryKey: ['limits'],
    queryFn: ({ signal }) => dataOf(client.GET('/v1/limits', { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [unfinished, setUnfinished] = useState(() => unfinishedUploadOf(file));
  return (
    <Stack gap="lg">
      <Text>
        <Text span fw={600}>
          {file.name}
        </Text>{' '}
        <Text span c="dimmed">
          {formatSize(file.size)}
        </Text>
      </Text>
      {limits.error ? <ProblemAlert error={limits.error} onRetry={() => void limits.refetch()} /> : null}
      {limits.data === undefined ? null : unfinished !== undefined ? (
        <UnfinishedFileChosen file={file} unfinished={unfinished} onAnew={() => setUnfinished(undefined)} />
      ) : file.size > limits.data.maxFileBytes ? (
        <Alert color="red" variant="light" title={texts.tooLarge} role="alert">
          {texts.tooLargeText(formatSize(limits.data.maxFileBytes))}
        </Alert>
      ) : (
        <Checked file={file} isLarge={isLarge(file, limits.data)} />
      )}
    </Stack>
  );
}

function isLarge({ size }: File, { partsFromBytes }: Limits): boolean {
  return partsFromBytes !== null && size >= partsFromBytes;
}

/** @param isLarge whether it goes straight to S3; then the dry run looks at its beginning alone. */
function Checked({ file, isLarge }: { file: File; isLarge: boolean }) {
  const { send: texts, sending: sendingTexts } = useTexts();
  const [reading, setReading] = useState<Reading>({ settings: {} });
  const [waiting, setWaiting] = useState<Waiting | null>(null);
  const check = useQuery({
    queryKey: ['dry-run', file.name, file.lastModified, file.size, reading],
    queryFn: async ({ signal }) => {
      if (!(await isReadable(file))) throw new FileUnreadableError();
      const checked = isLarge ? await beginningOf(file) : file;
      return dryRunFile({ file: checked, reading }, { signal, onWaiting: setWaiting });
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    placeholderData: (before) => before,
  });
  return (
    <>
      {check.isFetching ? (
        <Group role="status">
          <Loader size="sm" />
          <Text>{waiting === null ? texts.checking : sendingTexts.waiting[waiting]}</Text>
        </Group>
      ) : null}
      {check.error ? <ProblemAlert error={check.error} onRetry={() => void check.refetch()} /> : null}
      {check.data ? (
        <>
          {isLarge && file.size > BEGINNING_BYTES ? (
            <Alert color="blue" variant="light">
              {sendingTexts.beginningOnly(formatSize(BEGINNING_BYTES))}
            </Alert>
          ) : null}
          <DryRunResult run={check.data} reading={reading} onReading={setReading} />
          {check.data.failure !== null ? null : (
            <SendButton
              file={file}
              run={check.data}
              reading={reading}
              isLarge={isLarge}
              isDisabled={check.isFetching || check.isError}
            />
          )}
        </>
      ) : null}
    </>
  );
}
