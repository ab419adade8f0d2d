import { Alert, Button, Code, CopyButton, Group, Text } from '@mantine/core';
import type { WebhookWithSecret } from '../api/types.ts';
import { formatMoment } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';

/** A secret, for the one time that it is shown. */
export function SecretAlert({ webhook, onClose }: { webhook: WebhookWithSecret; onClose: () => void }) {
  const { webhooks: texts } = useTexts();
  const { url, secret, previousSecretUntil: until } = webhook;
  return (
    <Alert
      color="yellow"
      variant="light"
      title={texts.secretOf(url)}
      role="alert"
      styles={{ label: { color: 'var(--mantine-color-text)' } }}
    >
      <Text size="sm">{texts.secretOnce}</Text>
      {until === null ? null : <Text size="sm">{texts.previousUntil(formatMoment(until))}</Text>}
      <Group mt="xs">
        <Code data-secret>{secret}</Code>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button size="xs" onClick={copy}>
              {copied ? texts.copied : texts.copy}
            </Button>
          )}
        </CopyButton>
        <Button size="xs" variant="default" onClick={onClose}>
          {texts.kept}
        </Button>
      </Group>
    </Alert>
  );
}
