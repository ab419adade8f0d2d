import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './app/page.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { setNonce } from 'get-nonce';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router';
import { queryClient } from './api/query-client.ts';
import { router } from './app/router.tsx';
import { cssVariables, theme } from './app/theme.ts';
import { TextsProvider } from './texts/texts.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no place for the console');

/** The server's, without which the page's policy refuses the styles that Mantine makes. */
const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';

// What keeps the page from scrolling behind a dialog makes styles by itself.
if (nonce !== '') setNonce(nonce);

createRoot(root).render(
  <MantineProvider
    theme={theme}
    cssVariablesResolver={cssVariables}
    defaultColorScheme="auto"
    getStyleNonce={() => nonce}
  >
    <TextsProvider>
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </TextsProvider>
  </MantineProvider>,
);
