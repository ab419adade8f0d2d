import { Button, FileButton, Group, Modal, Paper, Stack, Text, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { useTexts } from '../texts/texts.tsx';

/** A file by dropping it anywhere on the page, from a dialog, or as cells that are pasted. */
export function ChooseFile({ onFile }: { onFile: (file: File) => void }) {
  const { send: texts } = useTexts();
  const [isPasting, pasting] = useDisclosure();
  const isOver = useFileDrop(onFile);
  return (
    <Paper className="drop-area" data-over={isOver} radius="md" p="xl">
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

/** @returns whether a file is held over the page. */
function useFileDrop(onFile: (file: File) => void): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      const [file] = event.dataTransfer?.files ?? [];
      if (file !== undefined) onFile(file);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [onFile]);
  return isOver;
}
