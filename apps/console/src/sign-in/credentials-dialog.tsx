import { Alert, Button, Loader, Modal, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, useSyncExternalStore } from 'react';
import { dismissCredentials, onCredentials, wantedCredentials } from '../api/credentials.ts';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { useTexts } from '../texts/texts.tsx';
import { KeyForm } from './key-form.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { useSignIn } from './use-sign-in.ts';

/** Asks for a sign-in or an API key when the API wants one. The page behind it stays as it is. */
export function CredentialsDialog() {
  const texts = useTexts();
  const wanted = useSyncExternalStore(onCredentials, wantedCredentials);
  const signIn = useSignIn();
  const title = signIn.data ? texts.signIn.title : texts.key.title;
  return (
    <Modal
      opened={wanted !== null}
      onClose={dismissCredentials}
      title={title}
      closeButtonProps={{ 'aria-label': texts.close }}
    >
      <Stack>
        {wanted?.detail ? (
          <Alert color="orange" variant="light" title={texts.signIn.notAccepted}>
            {wanted.detail}
          </Alert>
        ) : null}
        {signIn.error ? <ProblemAlert error={signIn.error} onRetry={() => void signIn.refetch()} /> : null}
        {signIn.isPending ? <Loader size="sm" aria-label={texts.signIn.preparing} /> : null}
        {signIn.data === undefined ? null : <Forms />}
      </Stack>
    </Modal>
  );
}

function Forms() {
  const { signIn: texts } = useTexts();
  const { data: signIn } = useSignIn();
  const queries = useQueryClient();
  const [isKeyWanted, setKeyWanted] = useState(false);
  const goOn = () => void queries.invalidateQueries();
  if (!signIn || isKeyWanted) return <KeyForm onKey={goOn} />;
  return (
    <>
      <SignInForm signIn={signIn} onSignedIn={goOn} />
      <Button variant="subtle" size="compact-sm" onClick={() => setKeyWanted(true)}>
        {texts.useKey}
      </Button>
    </>
  );
}
