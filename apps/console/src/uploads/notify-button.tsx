import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTexts } from '../texts/texts.tsx';

/** Asks the browser, on a click, whether it may tell when an upload is done; nothing where that was answered, or cannot be asked. */
export function NotifyButton() {
  const { upload: texts } = useTexts();
  const [permission, setPermission] = useState(permissionNow);
  if (permission !== 'default') return null;
  return (
    <Button
      variant="default"
      size="xs"
      mt="sm"
      onClick={() => void Notification.requestPermission().then(setPermission)}
    >
      {texts.notify}
    </Button>
  );
}

/** Shows a notification of the browser, for a person who looks at something else, if they allowed it. */
export function notify(text: string, tag: string): void {
  if (permissionNow() !== 'granted') return;
  try {
    const notification = new Notification(text, { tag });
    notification.onclick = () => window.focus();
  } catch {
    // Chrome on Android shows those of service workers alone; the title of the tab says the same.
  }
}

function permissionNow(): NotificationPermission {
  return 'Notification' in window ? Notification.permission : 'denied';
}
