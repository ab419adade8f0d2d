import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { DownloadLink } from '../parts/download-link.tsx';
import { useTexts } from '../texts/texts.tsx';
import { CheckFile } from './check-file.tsx';
import { ChooseFile } from './choose-file.tsx';
import { Welcome } from './welcome.tsx';

/** Choose a file, see what it would do, send it. */
export function SendPage() {
  const { send: texts } = useTexts();
  const [file, setFile] = useState<File | null>(null);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1}>{texts.title}</Title>
        {file === null ? null : (
          <Button variant="default" onClick={() => setFile(null)}>
            {texts.another}
          </Button>
        )}
      </Group>
      {file === null ? (
        <>
          <ChooseFile onFile={setFile} />
          <Welcome onFile={setFile} />
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
