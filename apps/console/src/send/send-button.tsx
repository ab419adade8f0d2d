import { Button, Group, Stack, Text } from '@mantine/core';
import type { Reading } from '../api/send-file.ts';
import type { DryRun } from '../api/types.ts';
import { useSending } from '../api/use-sending.ts';
import { useTexts } from '../texts/texts.tsx';
import { SendingStatus } from './sending-status.tsx';

type Props = {
  file: File;
  run: DryRun;
  reading: Reading;
  /** Whether the dry run looked at its beginning alone. */
  isLarge: boolean;
  isDisabled: boolean;
};

/** Sends a file that was checked. */
export function SendButton({ file, run, reading, isLarge, isDisabled }: Props) {
  const { send: texts, sending: sendingTexts } = useTexts();
  const sending = useSending(reading, () => ({ file, reading, way: isLarge ? 'parts' : 'form' }));
  const good = (run.total ?? 0) - run.counts.rejected;
  const label = run.counts.rejected > 0 ? texts.submitAnyway : texts.submit(good);
  return (
    <Stack>
      <SendingStatus sending={sending} />
      {sending.isPending ? null : (
        <Group>
          <Button size="md" disabled={isDisabled || good === 0} onClick={sending.start}>
            {isLarge ? sendingTexts.submitLarge : label}
          </Button>
          {isLarge ? <Text size="sm">{sendingTexts.inParts}</Text> : null}
        </Group>
      )}
    </Stack>
  );
}
