import { Button, Group, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client, dataOf } from '../api/client.ts';
import type { ImportSettings } from '../api/settings.ts';
import type { DryRun } from '../api/types.ts';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { useTexts } from '../texts/texts.tsx';
import { PROFILES_KEY } from './profiles.tsx';

const NAME = /^[a-z0-9-]{1,64}$/;
/** A dry run answers no more columns; a profile is for all of a header. */
const COLUMNS_MAX = 500;

type Props = { run: DryRun; settings: ImportSettings };

/** Stores what was stated, for the next file of the same kind. */
export function SaveProfile({ run, settings }: Props) {
  const { profiles: texts } = useTexts();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const save = useMutation({
    mutationFn: () =>
      dataOf(client.PUT('/v1/import-profiles/{name}', { params: { path: { name } }, body: profileOf(run, settings) })),
    onSuccess: () => void queries.invalidateQueries({ queryKey: PROFILES_KEY }),
  });
  const isStated = Object.keys(settings).length > 0;
  if (!isStated || run.failure !== null || run.fileColumns.length >= COLUMNS_MAX) return null;
  const isWrong = name !== '' && !NAME.test(name);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {save.error ? <ProblemAlert error={save.error} /> : null}
      <Group mt="md" align="end">
        <TextInput
          label={texts.saveLabel}
          value={name}
          error={isWrong ? texts.nameRule : undefined}
          onChange={({ currentTarget: { value } }) => {
            setName(value);
            save.reset();
          }}
        />
        <Button type="submit" variant="light" disabled={name === '' || isWrong} loading={save.isPending}>
          {texts.save}
        </Button>
      </Group>
      {save.isSuccess ? (
        <Text size="sm" mt={4} role="status">
          {texts.saved(name)}
        </Text>
      ) : null}
    </form>
  );
}

/** A file without a header has none to be known by; its profile says so. */
function profileOf({ detected, fileColumns }: DryRun, settings: ImportSettings) {
  if (detected?.header === false) return { settings: { ...settings, headerLine: 0 } };
  return { settings, header: fileColumns.map(({ cell }) => cell ?? '') };
}
