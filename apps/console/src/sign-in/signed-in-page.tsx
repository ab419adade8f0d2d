import { Anchor, Container, Loader, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { API_BASE } from '../api/client.ts';
import { setTokens } from '../api/credentials.ts';
import { SignInError } from '../api/sign-in-error.ts';
import { useTexts } from '../texts/texts.tsx';
import { SignInAlert } from './sign-in-alert.tsx';
import { handOver, takePendingSignIn } from './sign-in-window.ts';

/** Where the issuer sends people back to: hands its answer to the page that waits for it. */
export function SignedInPage() {
  const { signIn: texts } = useTexts();
  const [answer] = useState(takeAnswer);
  const delivery = useQuery({
    queryKey: ['signed-in'],
    queryFn: () => deliver(answer),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return (
    <Container component="main" size="xs" py="xl">
      <Stack>
        <Title order={1}>{texts.title}</Title>
        {delivery.isPending ? <Loader size="sm" aria-label={texts.preparing} /> : null}
        {delivery.error ? (
          <>
            <SignInAlert error={delivery.error} />
            <Anchor href={`${API_BASE}/`}>{texts.toConsole}</Anchor>
          </>
        ) : null}
        {delivery.data ? <Text>{texts.closeWindow}</Text> : null}
      </Stack>
    </Container>
  );
}

/** What the issuer answered. It does not stay in the address. */
function takeAnswer(): URLSearchParams {
  const { pathname, search } = window.location;
  window.history.replaceState(window.history.state, '', pathname);
  return new URLSearchParams(search);
}

/** @throws SignInError */
async function deliver(answer: URLSearchParams): Promise<true> {
  const pending = takePendingSignIn(answer);
  if (pending !== null) {
    const { finishSignIn } = await import('../api/oidc.ts');
    setTokens(await finishSignIn(pending, answer));
    window.location.replace(pending.returnTo);
    return true;
  }
  if (!(await handOver(answer))) throw new SignInError('unexpected');
  window.close();
  return true;
}
