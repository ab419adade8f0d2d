import { Button, Checkbox, Group, Paper, Stack, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { client, dataOf } from '../api/client.ts';
import type { EventType, WebhookWithSecret } from '../api/types.ts';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { useTexts } from '../texts/texts.tsx';

type Draft = { url: string; description: string; types: EventType[] };

const EMPTY: Draft = {
  url: '',
  description: '',
  types: ['upload.completed', 'upload.completed_with_errors', 'upload.failed'],
};

/** A form for a new webhook. */
export function AddWebhook({ onAdded }: { onAdded: (webhook: WebhookWithSecret) => void }) {
  const { webhooks: texts, eventTypes } = useTexts();
  const [draft, setDraft] = useState(EMPTY);
  const queries = useQueryClient();
  const adding = useMutation({
    mutationFn: ({ url, description, types }: Draft) => {
      const body = {
        url: url.trim(),
        types,
        ...(description.trim() === '' ? {} : { description: description.trim() }),
      };
      return dataOf(client.POST('/v1/webhooks', { body }));
    },
    onSuccess: (added) => {
      setDraft(EMPTY);
      onAdded(added);
      return queries.invalidateQueries({ queryKey: ['webhooks'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    adding.mutate(draft);
  };
  const known = Object.keys(eventTypes) as EventType[];
  return (
    <Paper withBorder p="md" component="form" onSubmit={submit}>
      <Stack>
        <Title order={2}>{texts.add}</Title>
        <Group grow align="start" preventGrowOverflow={false}>
          <TextInput
            miw={280}
            required
            type="url"
            label={texts.url}
            value={draft.url}
            onChange={({ currentTarget: { value: url } }) => setDraft((one) => ({ ...one, url }))}
          />
          <TextInput
            miw={160}
            label={texts.description}
            maxLength={200}
            value={draft.description}
            onChange={({ currentTarget: { value: description } }) => setDraft((one) => ({ ...one, description }))}
          />
        </Group>
        <Checkbox.Group
          label={texts.types}
          value={draft.types}
          onChange={(chosen) => setDraft((one) => ({ ...one, types: known.filter((type) => chosen.includes(type)) }))}
        >
          <Group mt="xs">
            {known.map((type) => (
              <Checkbox key={type} value={type} label={eventTypes[type]} />
            ))}
          </Group>
        </Checkbox.Group>
        {adding.error ? <ProblemAlert error={adding.error} /> : null}
        <Group>
          <Button type="submit" loading={adding.isPending} disabled={draft.types.length === 0}>
            {texts.add}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}
