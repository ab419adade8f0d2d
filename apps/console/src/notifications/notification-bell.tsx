import { ActionIcon, Anchor, Indicator, Popover, ScrollArea, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from 'react-router';
import type { Notification } from '../api/types.ts';
import { formatMoment } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';
import { useNotifications } from './use-notifications.ts';

const COLOR: Record<Notification['severity'], string> = { info: 'teal', warning: 'orange', alert: 'red' };

/** How much of what has happened is unread, and the newest of it. It is marked as read when it is closed: until then it shows what was new. */
export function NotificationBell() {
  const { notifications: texts } = useTexts();
  const [isOpen, popover] = useDisclosure();
  const { page, markRead } = useNotifications();
  if (page === undefined) return null;
  const toggle = () => {
    const [last] = page.data;
    if (isOpen && last !== undefined && page.unread > 0) markRead(last.sequence);
    popover.toggle();
  };
  return (
    <Popover opened={isOpen} onChange={(opens) => opens || toggle()} position="bottom-end" width={320} trapFocus>
      <Indicator label={page.unread > 99 ? '99+' : page.unread} disabled={page.unread === 0} size={16} color="red.9">
        <Popover.Target>
          <ActionIcon variant="default" size="md" aria-label={texts.bell(page.unread)} onClick={toggle}>
            <Bell />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown aria-label={texts.title}>
        <ScrollArea.Autosize mah={360} type="auto">
          <Stack gap="sm">
            {page.data.length === 0 ? <Text size="sm">{texts.none}</Text> : null}
            {page.data.map((one) => (
              <Entry key={one.id} notification={one} onFollow={toggle} />
            ))}
          </Stack>
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  );
}

function Bell() {
  return (
    <svg
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      aria-hidden="true"
    >
      <path d="M3 12h10l-1.3-1.8V7a3.7 3.7 0 0 0-7.4 0v3.2zM6.6 14h2.8" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}

function Entry({ notification, onFollow }: { notification: Notification; onFollow: () => void }) {
  const { notifications: texts } = useTexts();
  const { type, severity, time, read, data } = notification;
  const text = (type in texts.types && texts.types[type as keyof typeof texts.types]) || type;
  const uploadId = typeof data.uploadId === 'string' ? data.uploadId : undefined;
  return (
    <div
      data-notification={type}
      style={{
        borderInlineStart: `3px solid var(--mantine-color-${COLOR[severity]}-6)`,
        paddingInlineStart: 'var(--mantine-spacing-xs)',
      }}
    >
      {uploadId === undefined ? (
        <Text size="sm" fw={read ? 400 : 700}>
          {text}
        </Text>
      ) : (
        <Anchor component={Link} to={`/uploads/${uploadId}`} size="sm" fw={read ? 400 : 700} onClick={onFollow}>
          {text}
        </Anchor>
      )}
      <Text size="xs">{formatMoment(time)}</Text>
    </div>
  );
}
