import { Button, Checkbox, Code, CopyButton, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client, dataOf } from '../api/client.ts';
import { hasCredentials, setKey } from '../api/credentials.ts';
import { type CreatedApiKey, SCOPES, type Scope } from '../api/types.ts';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { useTexts } from '../texts/texts.tsx';

/** Creates a key. It is held by this form alone, until the person has it. */
export function NewKey({ isFirst }: { isFirst: boolean }) {
  const { apiKeys: texts } = useTexts();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly Scope[] | null>(null);
  // Without it nobody could create a second one here.
  const scopes = chosen ?? (isFirst ? SCOPES : (['read', 'upload'] as const));
  const create = useMutation({
    mutationFn: () => dataOf(client.POST('/v1/api-keys', { body: { name: name.trim(), scopes: [...scopes] } })),
    // Until now nobody needed a key: what is under way without one would be refused.
    onMutate: () => queries.cancelQueries(),
    onSuccess: ({ key }) => {
      if (!hasCredentials()) setKey(key);
    },
    gcTime: 0,
  });
  const forget = () => {
    create.reset();
    setName('');
    setChosen(null);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <Stack align="start">
        <TextInput
          label={texts.name}
          value={name}
          maxLength={100}
          w="min(100%, 360px)"
          autoComplete="off"
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox.Group label={texts.scopes} value={[...scopes]} onChange={(values) => setChosen(values as Scope[])}>
          <Group mt={4}>
            {SCOPES.map((scope) => (
              <Checkbox key={scope} value={scope} label={texts.scopeNames[scope]} />
            ))}
          </Group>
        </Checkbox.Group>
        {create.error ? <ProblemAlert error={create.error} /> : null}
        <Button type="submit" disabled={name.trim() === '' || scopes.length === 0} loading={create.isPending}>
          {texts.create}
        </Button>
      </Stack>
      {create.data ? <ShownKey created={create.data} isFirst={isFirst} onClose={forget} /> : null}
    </form>
  );
}

type ShownProps = { created: CreatedApiKey; isFirst: boolean; onClose: () => void };

/** The key, once. It stays until the person says that it is kept: a click beside it does not close it. */
function ShownKey({ created, isFirst, onClose }: ShownProps) {
  const { apiKeys: texts } = useTexts();
  const queries = useQueryClient();
  const close = () => {
    onClose();
    void queries.invalidateQueries();
  };
  return (
    <Modal
      opened
      onClose={close}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
      title={texts.created(created.name)}
    >
      <Stack>
        <Text size="sm">{isFirst ? `${texts.once} ${texts.usedHere}` : texts.once}</Text>
        <Code block data-secret style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {created.key}
        </Code>
        <Group>
          <CopyButton value={created.key}>
            {({ copied, copy }) => (
              <Button onClick={copy} data-autofocus>
                {copied ? texts.copied : texts.copy}
              </Button>
            )}
          </CopyButton>
          <Button variant="default" onClick={close}>
            {texts.done}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
