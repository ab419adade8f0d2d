import { Alert, Button, Loader, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { setTokens } from '../api/credentials.ts';
import type { SignIn } from '../api/types.ts';
import { useTexts } from '../texts/texts.tsx';
import { SignInAlert } from './sign-in-alert.tsx';
import { leaveForSignIn, onSignInAnswer, openSignInWindow } from './sign-in-window.ts';

/** Where the issuer sends people back to, also where a proxy puts the console below a path. */
const REDIRECT_URI = new URL('signed-in', document.baseURI).href;

type Props = { signIn: SignIn; onSignedIn: () => void };

/** Signs a person in, in a window beside this page. */
export function SignInForm({ signIn, onSignedIn }: Props) {
  const { signIn: texts } = useTexts();
  const [step, setStep] = useState<'ready' | 'opened' | 'blocked'>('ready');
  // Before the person asks for it: a browser opens a window for a click, not for what comes some time after it.
  const prepared = useQuery({
    queryKey: ['prepared-sign-in', signIn],
    queryFn: async () => (await import('../api/oidc.ts')).prepareSignIn(signIn, REDIRECT_URI),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
  const { mutate: finish, ...finishing } = useMutation({
    mutationFn: async (answer: URLSearchParams) => {
      if (prepared.data === undefined) throw new Error('an answer came before the question');
      return (await import('../api/oidc.ts')).finishSignIn(prepared.data, answer);
    },
    onSuccess: (tokens) => {
      setTokens(tokens);
      onSignedIn();
    },
    // A sign-in can be answered once.
    onError: () => void prepared.refetch(),
    onSettled: () => setStep('ready'),
  });
  const state = prepared.data?.state;
  useEffect(() => (state === undefined ? undefined : onSignInAnswer(state, finish)), [state, finish]);

  const error = prepared.error ?? finishing.error;
  return (
    <Stack>
      {error ? <SignInAlert error={error} /> : null}
      {step === 'opened' ? (
        <Text size="sm" role="status">
          {texts.opened}
        </Text>
      ) : null}
      {prepared.isPending ? <Loader size="sm" aria-label={texts.preparing} /> : null}
      {prepared.error ? (
        <Button variant="default" loading={prepared.isFetching} onClick={() => void prepared.refetch()}>
          {texts.retry}
        </Button>
      ) : null}
      {prepared.data && step !== 'blocked' ? (
        <Button
          data-autofocus
          loading={finishing.isPending || prepared.isFetching}
          onClick={() => setStep(openSignInWindow(prepared.data) ? 'opened' : 'blocked')}
        >
          {step === 'opened' ? texts.again : texts.submit}
        </Button>
      ) : null}
      {prepared.data && step === 'blocked' ? (
        <Alert color="yellow" variant="light" title={texts.blocked} role="alert">
          <Text size="sm" mb="xs">
            {texts.blockedHelp}
          </Text>
          <Button variant="default" onClick={() => leaveForSignIn(prepared.data)}>
            {texts.here}
          </Button>
        </Alert>
      ) : null}
    </Stack>
  );
}
