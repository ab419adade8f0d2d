import { Button, Code, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, useSyncExternalStore } from 'react';
import { isKeyWanted, onKeyWanted, setKey } from '../api/key.ts';
import { useTexts } from '../texts/texts.tsx';

/** Asks for an API key when the API wants one. */
export function KeyDialog() {
  const { key: texts } = useTexts();
  const isWanted = useSyncExternalStore(onKeyWanted, isKeyWanted);
  const queries = useQueryClient();
  const [value, setValue] = useState('');
  const submit = () => {
    setKey(value.trim());
    setValue('');
    void queries.invalidateQueries();
  };
  return (
    <Modal opened={isWanted} onClose={() => {}} withCloseButton={false} title={texts.title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
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
    </Modal>
  );
}
