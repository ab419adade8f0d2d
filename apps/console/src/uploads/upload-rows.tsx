import { Group, Paper, Tabs } from '@mantine/core';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { FailedRow, Upload } from '../api/types.ts';
import { DownloadLink } from '../parts/download-link.tsx';
import { formatNumber } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';
import { DeadRows } from './dead-rows.tsx';
import { type Corrections, FailedRows } from './failed-rows.tsx';
import { SupersededRows } from './superseded-rows.tsx';

const KINDS = ['rejected', 'dead', 'superseded'] as const satisfies readonly FailedRow['outcome'][];

/** The rows of an upload that are not among the people, by why not. Which of them is shown is in the URL. */
export function UploadRows({ upload }: { upload: Upload }) {
  const texts = useTexts();
  const [parameters, setParameters] = useSearchParams();
  // Here, so that corrections stay when other rows are looked at.
  const [changed, setChanged] = useState<Corrections>(new Map());
  const kinds = KINDS.filter((kind) => upload.counts[kind] > 0);
  const shown = kinds.find((kind) => kind === parameters.get('rows')) ?? kinds[0];
  if (shown === undefined) return null;
  return (
    <Paper withBorder p="md" component="section">
      <Tabs
        value={shown}
        onChange={(kind) => setParameters(kind === null ? {} : { rows: kind }, { replace: true })}
        keepMounted={false}
      >
        <Group justify="space-between" align="end" mb="md">
          <Tabs.List>
            {kinds.map((kind) => (
              <Tabs.Tab key={kind} value={kind}>
                {texts.rows.kinds[kind]} ({formatNumber(upload.counts[kind])})
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <DownloadLink path={`/v1/uploads/${upload.id}/failed-rows.csv?outcome=${shown}`}>
            {shown === 'superseded' ? texts.people.download : texts.upload.download}
          </DownloadLink>
        </Group>
        <Tabs.Panel value="rejected">
          <FailedRows upload={upload} changed={changed} onChange={setChanged} />
        </Tabs.Panel>
        <Tabs.Panel value="dead">
          <DeadRows uploadId={upload.id} />
        </Tabs.Panel>
        <Tabs.Panel value="superseded">
          <SupersededRows uploadId={upload.id} />
        </Tabs.Panel>
      </Tabs>
    </Paper>
  );
}
