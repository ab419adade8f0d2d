import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useIsMutating } from '@tanstack/react-query';
import { useEffect } from 'react';
import { unfinishedFiles } from '../api/unfinished-files.ts';
import { DownloadLink } from '../parts/download-link.tsx';
import { useTexts } from '../texts/texts.tsx';
import { CheckFile } from './check-file.tsx';
import { ChooseFile } from './choose-file.tsx';
import { chooseFile, useChosenFile } from './chosen-file.ts';
import { UnfinishedFiles } from './unfinished-file.tsx';
import { Welcome } from './welcome.tsx';

/** Choose a file, see what it would do, send it. */
export function SendPage() {
  const { send: texts } = useTexts();
  const file = useChosenFile();
  const isSending = useIsMutating() > 0;
  // Who comes back begins anew.
  useEffect(() => () => chooseFile(null), []);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1}>{texts.title}</Title>
        {file === null || isSending ? null : (
          <Button variant="default" onClick={() => chooseFile(null)}>
            {texts.another}
          </Button>
        )}
      </Group>
      {file === null ? (
        <>
          <UnfinishedFiles files={unfinishedFiles()} />
          <ChooseFile onFile={chooseFile} />
          <Welcome onFile={chooseFile} />
          <Text size="sm">
            <DownloadLink path="/v1/employees/template.csv">{texts.template}</DownloadLink>
          </Text>
        </>
      ) : (
        <CheckFile key={`${file.name}${file.lastModified}${file.size}`} file={file} />
      )}
    </Stack>
  );
}
