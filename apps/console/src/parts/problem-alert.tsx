import { Alert, Button, Group, Text } from '@mantine/core';
import { FileUnreadableError, ProblemError } from '../api/problem.ts';
import type { Texts } from '../texts/en.ts';
import { useTexts } from '../texts/texts.tsx';

/** What went wrong, in the server's own words, with the id under which its log has it. */
export function ProblemAlert({ error, title, onRetry }: { error: unknown; title?: string; onRetry?: () => void }) {
  const texts = useTexts();
  const problem = error instanceof ProblemError ? error : undefined;
  return (
    <Alert color="red" variant="light" title={title ?? texts.problem.title} role="alert">
      <Text size="sm">{problemText(error, texts)}</Text>
      {problem?.errors.map(({ parameter, message }) => (
        <Text size="sm" key={`${parameter}${message}`}>
          {parameter}: {message}
        </Text>
      ))}
      <Group mt="xs" justify="space-between">
        {problem?.requestId ? (
          <Text size="xs" c="dimmed">
            {texts.problem.requestId(problem.requestId)}
          </Text>
        ) : null}
        {onRetry ? (
          <Button size="xs" variant="default" onClick={onRetry}>
            {texts.problem.retry}
          </Button>
        ) : null}
      </Group>
    </Alert>
  );
}

function problemText(error: unknown, { problem: texts }: Texts): string {
  if (error instanceof FileUnreadableError) return texts.fileUnreadable;
  if (!(error instanceof ProblemError)) return error instanceof Error ? error.message : String(error);
  if (error.message !== '') return error.message;
  return error.status === 0 ? texts.unanswered : texts.unknown(error.status);
}
