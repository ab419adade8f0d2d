import { createBrowserRouter } from 'react-router';
import { API_BASE } from '../api/client.ts';
import { NothingHere } from './nothing-here.tsx';
import { PageError } from './page-error.tsx';
import { Shell } from './shell.tsx';

export const router = createBrowserRouter(
  [
    {
      path: '/signed-in',
      hydrateFallbackElement: <></>,
      errorElement: <PageError />,
      lazy: async () => ({ Component: (await import('../sign-in/signed-in-page.tsx')).SignedInPage }),
    },
    {
      element: <Shell />,
      hydrateFallbackElement: <></>,
      errorElement: <PageError />,
      children: [
        { path: '/', lazy: async () => ({ Component: (await import('../send/send-page.tsx')).SendPage }) },
        {
          path: '/uploads',
          lazy: async () => ({ Component: (await import('../uploads/uploads-page.tsx')).UploadsPage }),
        },
        {
          path: '/uploads/:id',
          lazy: async () => ({ Component: (await import('../uploads/upload-page.tsx')).UploadPage }),
        },
        {
          path: '/employees',
          lazy: async () => ({ Component: (await import('../employees/employees-page.tsx')).EmployeesPage }),
        },
        {
          path: '/webhooks',
          lazy: async () => ({ Component: (await import('../webhooks/webhooks-page.tsx')).WebhooksPage }),
        },
        {
          path: '/operate',
          lazy: async () => ({ Component: (await import('../operate/operate-page.tsx')).OperatePage }),
        },
        { path: '*', element: <NothingHere /> },
      ],
    },
  ],
  { basename: API_BASE === '' ? '/' : API_BASE },
);
