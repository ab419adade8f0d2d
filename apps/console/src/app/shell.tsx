import {
  ActionIcon,
  AppShell,
  Burger,
  Button,
  Container,
  Group,
  NativeSelect,
  Stack,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useLocation } from 'react-router';
import { API_BASE } from '../api/client.ts';
import { NotificationBell } from '../notifications/notification-bell.tsx';
import { FileDrop } from '../send/file-drop.tsx';
import { AccountButton } from '../sign-in/account-button.tsx';
import { CredentialsDialog } from '../sign-in/credentials-dialog.tsx';
import { LANGUAGES, type Language, useLanguage, useTexts } from '../texts/texts.tsx';
import { usePages, usePageTitle } from './pages.ts';

/** What every page has around it. */
export function Shell() {
  const texts = useTexts();
  usePageTitle();
  const [isOpen, menu] = useDisclosure();
  // With its whole address: beside a `<base>` a bare `#content` is a place in another page.
  const { pathname, search } = useLocation();
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 240, breakpoint: 'md', collapsed: { desktop: true, mobile: !isOpen } }}
    >
      <a className="skip-link" href={`${API_BASE}${pathname}${search}#content`}>
        {texts.skip}
      </a>
      <AppShell.Header>
        <Container size="lg" h="100%">
          <Group h="100%" justify="space-between" wrap="nowrap">
            <Group gap="xs" wrap="nowrap">
              <Burger opened={isOpen} onClick={menu.toggle} hiddenFrom="md" size="sm" aria-label={texts.nav.menu} />
              <Text fw={700} size="lg">
                Rowferry
              </Text>
            </Group>
            <Group component="nav" aria-label={texts.nav.label} gap={0} wrap="nowrap" visibleFrom="md">
              <NavigationLinks />
            </Group>
            <Group gap="xs" wrap="nowrap">
              <NotificationBell />
              <AccountButton />
              <LanguageSelect visibleFrom="md" />
              <SchemeButton />
            </Group>
          </Group>
        </Container>
      </AppShell.Header>
      <AppShell.Navbar p="md" component="nav" aria-label={texts.nav.label} hiddenFrom="md">
        <Stack>
          <NavigationLinks onGo={menu.close} />
          <LanguageSelect />
        </Stack>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Container size="lg" py="lg">
          <Outlet />
        </Container>
      </AppShell.Main>
      <CredentialsDialog />
      <FileDrop />
    </AppShell>
  );
}

function NavigationLinks({ onGo }: { onGo?: () => void }) {
  const { nav } = useTexts();
  return (
    <>
      {usePages().map(({ to, text, isHere }) => (
        <Button
          key={to}
          component={Link}
          to={to}
          px="sm"
          onClick={onGo}
          variant={isHere ? 'light' : 'subtle'}
          aria-current={isHere ? 'page' : undefined}
        >
          {text}
        </Button>
      ))}
      <Button component="a" href={`${API_BASE}/docs`} px="sm" variant="subtle">
        {nav.docs}
      </Button>
    </>
  );
}

function LanguageSelect({ visibleFrom }: { visibleFrom?: 'md' }) {
  const { language, speak, texts } = useLanguage();
  return (
    <NativeSelect
      size="xs"
      visibleFrom={visibleFrom}
      aria-label={texts.chooseLanguage}
      value={language}
      onChange={(event) => speak(event.currentTarget.value as Language)}
      data={Object.entries(LANGUAGES).map(([value, { language: label }]) => ({ value, label }))}
    />
  );
}

function SchemeButton() {
  const { scheme: texts } = useTexts();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <ActionIcon variant="default" size="md" aria-label={texts[other]} onClick={() => setColorScheme(other)}>
      <span aria-hidden="true">{other === 'dark' ? '☾' : '☀'}</span>
    </ActionIcon>
  );
}
