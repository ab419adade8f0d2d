import { Button, Group, Loader, Progress, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { dryRunFile } from '../api/send-file.ts';
import type { ImportSettings } from '../api/settings.ts';
import type { DryRun } from '../api/types.ts';
import { useSending } from '../api/use-sending.ts';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { formatPercent, formatSize } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';
import { DryRunResult } from './dry-run-result.tsx';

/** Says what an upload of the file would do, lets its columns be stated, and sends it. */
export function CheckFile({ file }: { file: File }) {
  const { send: texts } = useTexts();
  const [settings, setSettings] = useState<ImportSettings>({});
  const check = useQuery({
    queryKey: ['dry-run', file.name, file.lastModified, file.size, settings],
    queryFn: async ({ signal }) => dryRunFile({ file: await unchanged(file, texts.changed), settings, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  });
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
      {check.isFetching ? (
        <Group role="status">
          <Loader size="sm" />
          <Text>{texts.checking}</Text>
        </Group>
      ) : null}
      {check.error ? <ProblemAlert error={check.error} onRetry={() => void check.refetch()} /> : null}
      {check.data ? (
        <>
          <DryRunResult run={check.data} settings={settings} onSettings={setSettings} />
          {check.data.failure !== null ? null : (
            <SendButton
              file={file}
              run={check.data}
              settings={settings}
              isDisabled={check.isFetching || check.isError}
            />
          )}
        </>
      ) : null}
    </Stack>
  );
}

/** A file that changes on disk while it is sent breaks off in the middle, and the browser does not say why. */
async function unchanged(file: File, message: string): Promise<File> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return file;
  } catch {
    throw new Error(message);
  }
}

type SendProps = { file: File; run: DryRun; settings: ImportSettings; isDisabled: boolean };

function SendButton({ file, run, settings, isDisabled }: SendProps) {
  const { send: texts } = useTexts();
  const [share, setShare] = useState(0);
  const sending = useSending(settings, () => ({ file, settings, onProgress: setShare }));
  const good = (run.total ?? 0) - run.counts.rejected;
  return (
    <Stack>
      {sending.error ? <ProblemAlert error={sending.error} onRetry={() => sending.mutate()} /> : null}
      {sending.isPending ? (
        <div role="status">
          <Text size="sm" mb={4}>
            {texts.sending(formatPercent(share))}
          </Text>
          <Progress value={share * 100} aria-label={texts.sending('')} />
        </div>
      ) : (
        <Group>
          <Button size="md" disabled={isDisabled || good === 0} onClick={() => sending.mutate()}>
            {run.counts.rejected > 0 ? texts.submitAnyway : texts.submit(good)}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
