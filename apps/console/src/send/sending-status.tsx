import { Button, Group, Modal, Progress, Stack, Text } from '@mantine/core';
import { useBlocker } from 'react-router';
import { FileUnreadableError } from '../api/problem.ts';
import type { SendingState } from '../api/use-sending.ts';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { formatDuration, formatPercent, formatSize } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';

/** How far a file is sent, what is waited for, and what went wrong. */
export function SendingStatus({ sending }: { sending: SendingState }) {
  const texts = useTexts();
  const { isPending, error, progress, waiting, cancel, start } = sending;
  if (!isPending) {
    if (error === null) return null;
    return error instanceof FileUnreadableError ? (
      <ProblemAlert error={error} />
    ) : (
      <ProblemAlert error={error} onRetry={start} />
    );
  }
  const share = progress === null || progress.totalBytes === 0 ? 0 : progress.sentBytes / progress.totalBytes;
  const parts = [texts.send.sending(formatPercent(share))];
  if (progress !== null) parts.push(texts.sending.of(formatSize(progress.sentBytes), formatSize(progress.totalBytes)));
  if (progress?.secondsLeft) parts.push(texts.upload.left(formatDuration(progress.secondsLeft, texts.upload)));
  return (
    <Stack gap="xs">
      <Text size="sm" role="status">
        {waiting === null ? parts.join(' · ') : texts.sending.waiting[waiting]}
      </Text>
      <Progress value={share * 100} aria-label={texts.sending.progress} animated={waiting === null} />
      {cancel === undefined ? null : (
        <Group>
          <Button variant="default" size="xs" onClick={cancel}>
            {texts.sending.cancel}
          </Button>
        </Group>
      )}
      <LeaveGuard />
    </Stack>
  );
}

/** Asks before another page of the console is opened: the sending would stop. */
function LeaveGuard() {
  const { sending: texts } = useTexts();
  // To the upload itself it goes when all is sent.
  const blocker = useBlocker(({ nextLocation }) => !nextLocation.pathname.startsWith('/uploads/'));
  const stay = () => blocker.reset?.();
  return (
    <Modal opened={blocker.state === 'blocked'} onClose={stay} withCloseButton={false} title={texts.leaveTitle}>
      <Text size="sm">{texts.leaveText}</Text>
      <Group mt="md">
        <Button onClick={stay} data-autofocus>
          {texts.stay}
        </Button>
        <Button variant="default" onClick={() => blocker.proceed?.()}>
          {texts.leave}
        </Button>
      </Group>
    </Modal>
  );
}
