import { useEffect } from 'react';
import { useLocation } from 'react-router';
import { useTexts } from '../texts/texts.tsx';

/** The pages that every page links to, and which of them the reader is on. */
export function usePages() {
  const { nav } = useTexts();
  const { pathname } = useLocation();
  return [
    { to: '/', text: nav.send, isHere: pathname === '/' },
    ...[
      { to: '/uploads', text: nav.uploads },
      { to: '/employees', text: nav.employees },
      { to: '/webhooks', text: nav.webhooks },
      { to: '/operate', text: nav.operate },
    ].map((page) => ({ ...page, isHere: pathname.startsWith(page.to) })),
  ];
}

/** Names the page in the browser's tab. The page of an upload has the name of its file there, and does so itself. */
export function usePageTitle(): void {
  const { pathname } = useLocation();
  const name = usePages().find(({ to }) => to === pathname)?.text;
  const isUpload = pathname.startsWith('/uploads/');
  useEffect(() => {
    if (!isUpload) document.title = name === undefined ? 'Rowferry' : `${name} · Rowferry`;
  }, [name, isUpload]);
}
