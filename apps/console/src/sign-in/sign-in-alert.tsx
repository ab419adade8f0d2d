import { Alert } from '@mantine/core';
import { SignInError } from '../api/sign-in-error.ts';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { useTexts } from '../texts/texts.tsx';

/** Why nobody is signed in. */
export function SignInAlert({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { signIn: texts } = useTexts();
  if (!(error instanceof SignInError)) return <ProblemAlert error={error} {...(onRetry ? { onRetry } : {})} />;
  return (
    <Alert color="red" variant="light" title={texts.failed} role="alert">
      {texts.faults[error.fault](error.about)}
    </Alert>
  );
}
