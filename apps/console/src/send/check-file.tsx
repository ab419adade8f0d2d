import { Alert, Button, Group, Loader, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { dryRunFile } from '../api/send-file.ts';
import type { ImportSettings } from '../api/settings.ts';
import type { DryRun } from '../api/types.ts';
import { useSending } from '../api/use-sending.ts';
import { Facts } from '../parts/facts.tsx';
import { OutcomeBar } from '../parts/outcome-bar.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { Warnings } from '../parts/warnings.tsx';
import type { Texts } from '../texts/en.ts';
import { formatPercent, formatSize } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';
import { Changes } from './changes.tsx';
import { ColumnMapping } from './column-mapping.tsx';
import { Encodings } from './encodings.tsx';
import { headerCellsOf } from './header-cells.ts';
import { ProblemRows } from './problem-rows.tsx';

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
        <DryRunResult
          file={file}
          run={check.data}
          settings={settings}
          onSettings={setSettings}
          isStale={check.isFetching || check.isError}
        />
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

type ResultProps = {
  file: File;
  run: DryRun;
  settings: ImportSettings;
  onSettings: (settings: ImportSettings) => void;
  isStale: boolean;
};

function DryRunResult({ file, run, settings, onSettings, isStale }: ResultProps) {
  const { send: texts } = useTexts();
  const cells = useQuery({
    queryKey: ['header-cells', file.name, file.lastModified, file.size, run.detected, settings.encoding],
    queryFn: () => headerCellsOf(file, run.detected, settings.encoding),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <>
      {run.failure === null ? null : (
        <Alert color="red" variant="light" title={texts.failure} role="alert">
          {run.failure.detail}
        </Alert>
      )}
      <Encodings encodings={run.encodings} onEncoding={(encoding) => onSettings({ ...settings, encoding })} />
      <Warnings warnings={run.warnings} />
      {run.detected === null ? null : <Understood detected={run.detected} />}
      <Paper withBorder p="md">
        <Title order={2} mb="sm">
          {texts.mapping}
        </Title>
        <ColumnMapping run={run} cells={cells.data ?? []} settings={settings} onSettings={onSettings} />
      </Paper>
      {run.failure !== null || run.total === null ? null : (
        <>
          <Paper withBorder p="md">
            <Title order={2} mb="sm">
              {texts.result}
            </Title>
            <OutcomeBar counts={run.counts} total={run.total} label={texts.result} />
            {run.counts.rejected === 0 ? <Text mt="sm">{texts.allGood}</Text> : null}
          </Paper>
          <Changes changes={run.changes} updated={run.counts.updated} />
          <ProblemRows problems={run.problems} rejected={run.counts.rejected} />
          <SendButton file={file} run={run} settings={settings} isDisabled={isStale} />
        </>
      )}
    </>
  );
}

function Understood({ detected }: { detected: NonNullable<DryRun['detected']> }) {
  const { send: texts } = useTexts();
  const { delimiter, encoding, quoting } = detected;
  const facts: [string, string][] = [
    [texts.delimiter, texts.delimiters[delimiter] ?? delimiter],
    [texts.encoding, encoding],
    [texts.header, headerOf(detected, texts)],
  ];
  if (quoting !== undefined) facts.push([texts.quoting, texts.quotings[quoting] ?? quoting]);
  return <Facts title={texts.understood} facts={facts} />;
}

function headerOf({ header, headerLine }: NonNullable<DryRun['detected']>, texts: Texts['send']): string {
  if (!header) return texts.headerNo;
  return headerLine === undefined ? texts.headerYes : texts.headerOnLine(headerLine);
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
