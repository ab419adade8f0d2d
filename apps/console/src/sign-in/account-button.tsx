import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { API_BASE } from '../api/client.ts';
import {
  credentialsVersion,
  currentTokens,
  forgetCredentials,
  hasCredentials,
  onCredentials,
  wantCredentials,
} from '../api/credentials.ts';
import { useTexts } from '../texts/texts.tsx';
import { useSignIn } from './use-sign-in.ts';

/** Signs in or out; nothing where the API asks nobody who they are. */
export function AccountButton() {
  const { signIn: texts } = useTexts();
  const { data: signIn } = useSignIn();
  useSyncExternalStore(onCredentials, credentialsVersion);
  const queries = useQueryClient();
  const leaving = useMutation({
    mutationFn: signOut,
    onSettled: (url) => {
      queries.clear();
      // Nothing of what was shown stays, and not in the page's memory either.
      window.location.assign(url ?? `${API_BASE}/`);
    },
  });
  if (hasCredentials()) {
    const name = currentTokens()?.name;
    return (
      <Button
        variant="default"
        size="xs"
        loading={leaving.isPending}
        title={name ? texts.signedInAs(name) : undefined}
        onClick={() => leaving.mutate()}
      >
        {texts.signOut}
      </Button>
    );
  }
  if (!signIn) return null;
  return (
    <Button variant="default" size="xs" onClick={wantCredentials}>
      {texts.submit}
    </Button>
  );
}

/** @returns where to sign out of the issuer too. */
async function signOut(): Promise<string | null> {
  const tokens = currentTokens();
  forgetCredentials();
  if (tokens === null) return null;
  const { signOutUrl } = await import('../api/oidc.ts');
  // An issuer that does not answer keeps nobody signed in here.
  return signOutUrl(tokens, new URL('.', document.baseURI).href).catch(() => null);
}
