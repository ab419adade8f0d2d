import { Button, Code, PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { setKey } from '../api/credentials.ts';
import { useTexts } from '../texts/texts.tsx';

/** Takes an API key. */
export function KeyForm({ onKey }: { onKey: () => void }) {
  const { key: texts } = useTexts();
  const [value, setValue] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setKey(value.trim());
        onKey();
      }}
    >
      <Stack>
        <Text size="sm">{texts.text}</Text>
        <PasswordInput
          label={texts.label}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          autoComplete="off"
          data-autofocus
        />
        <Code block>{texts.none}</Code>
        <Button type="submit" disabled={value.trim() === ''}>
          {texts.submit}
        </Button>
      </Stack>
    </form>
  );
}
