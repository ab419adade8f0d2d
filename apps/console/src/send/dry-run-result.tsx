import { Alert, Paper, Text, Title } from '@mantine/core';
import type { Reading } from '../api/send-file.ts';
import type { DryRun } from '../api/types.ts';
import { Facts } from '../parts/facts.tsx';
import { OutcomeBar } from '../parts/outcome-bar.tsx';
import { Warnings } from '../parts/warnings.tsx';
import type { Texts } from '../texts/en.ts';
import { useTexts } from '../texts/texts.tsx';
import { Changes } from './changes.tsx';
import { ColumnMapping } from './column-mapping.tsx';
import { Encodings } from './encodings.tsx';
import { FirstRows } from './first-rows.tsx';
import { ProblemRows } from './problem-rows.tsx';
import { Profiles } from './profiles.tsx';
import { SaveProfile } from './save-profile.tsx';

type Props = { run: DryRun; reading: Reading; onReading: (reading: Reading) => void };

/** What an upload of a file would do, and how the file is read, which can be stated. */
export function DryRunResult({ run, reading, onReading }: Props) {
  const { send: texts } = useTexts();
  const settings = 'settings' in reading ? reading.settings : undefined;
  return (
    <>
      {run.failure === null ? null : (
        <Alert color="red" variant="light" title={texts.failure} role="alert">
          {run.failure.detail}
        </Alert>
      )}
      <Encodings
        encodings={run.encodings}
        onEncoding={(encoding) => onReading({ settings: { ...settings, encoding } })}
      />
      <Warnings warnings={run.warnings} />
      {run.detected === null ? null : <Understood detected={run.detected} />}
      <Paper withBorder p="md">
        <Title order={2} mb="sm">
          {texts.mapping}
        </Title>
        <Profiles reading={reading} onReading={onReading} />
        {settings === undefined ? null : (
          <>
            <ColumnMapping
              key={JSON.stringify(settings)}
              run={run}
              settings={settings}
              onSettings={(stated) => onReading({ settings: stated })}
            />
            <SaveProfile run={run} settings={settings} />
          </>
        )}
      </Paper>
      {run.failure !== null || run.total === null ? null : <Result run={run} total={run.total} />}
    </>
  );
}

function Result({ run, total }: { run: DryRun; total: number }) {
  const { send: texts } = useTexts();
  return (
    <>
      <Paper withBorder p="md">
        <Title order={2} mb="sm">
          {texts.result}
        </Title>
        <OutcomeBar counts={run.counts} total={total} label={texts.result} />
        {run.counts.rejected === 0 ? <Text mt="sm">{texts.allGood}</Text> : null}
      </Paper>
      <FirstRows firstRows={run.firstRows} good={total - run.counts.rejected} />
      <Changes changes={run.changes} updated={run.counts.updated} />
      <ProblemRows run={run} />
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
