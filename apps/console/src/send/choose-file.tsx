import { Button, FileButton, Group, Modal, Paper, Stack, Text, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useTexts } from '../texts/texts.tsx';

/** A file from a dialog, or as cells that are pasted; dropping it works on every page. */
export function ChooseFile({ onFile }: { onFile: (file: File) => void }) {
  const { send: texts } = useTexts();
  const [isPasting, pasting] = useDisclosure();
  return (
    <Paper className="drop-area" radius="md" p="xl">
      <Stack align="center" gap="sm" py="xl">
        <Text size="lg" fw={600}>
          {texts.drop}
        </Text>
        <Text c="dimmed">{texts.or}</Text>
        <Group justify="center">
          <FileButton onChange={(file) => file && onFile(file)} accept=".csv,.tsv,.txt,text/csv">
            {(props) => <Button {...props}>{texts.choose}</Button>}
          </FileButton>
          <Button variant="default" onClick={pasting.open}>
            {texts.paste}
          </Button>
        </Group>
      </Stack>
      <Modal opened={isPasting} onClose={pasting.close} title={texts.pasteTitle} size="lg">
        <PasteCells onFile={onFile} />
      </Modal>
    </Paper>
  );
}

function PasteCells({ onFile }: { onFile: (file: File) => void }) {
  const { send: texts } = useTexts();
  const [cells, setCells] = useState('');
  return (
    <Stack>
      <Textarea
        label={texts.pasteHelp}
        value={cells}
        onChange={(event) => setCells(event.currentTarget.value)}
        rows={10}
        data-autofocus
        styles={{ input: { fontFamily: 'monospace' } }}
      />
      <Button
        disabled={cells.trim() === ''}
        onClick={() => onFile(new File([cells], texts.pastedName, { type: 'text/csv' }))}
      >
        {texts.usePasted}
      </Button>
    </Stack>
  );
}
