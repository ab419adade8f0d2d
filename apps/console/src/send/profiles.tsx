import { Button, Group, Modal, NativeSelect, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, dataOf } from '../api/client.ts';
import { toProblemError } from '../api/problem.ts';
import type { Reading } from '../api/send-file.ts';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { useTexts } from '../texts/texts.tsx';

export const PROFILES_KEY = ['import-profiles'];
const LIMIT = 100;

type Props = { reading: Reading; onReading: (reading: Reading) => void };

/** The stored profile by which a file is read; nothing while there is none. */
export function Profiles({ reading, onReading }: Props) {
  const { profiles: texts } = useTexts();
  const profiles = useQuery({
    queryKey: PROFILES_KEY,
    queryFn: ({ signal }) => dataOf(client.GET('/v1/import-profiles', { params: { query: { limit: LIMIT } }, signal })),
  });
  const names = profiles.data?.data.map(({ name }) => name) ?? [];
  if (names.length === 0) return null;
  const chosen = 'profile' in reading ? reading.profile : '';
  return (
    <>
      <NativeSelect
        mb="sm"
        maw={420}
        label={texts.label}
        description={texts.help}
        value={chosen}
        onChange={({ currentTarget: { value } }) => onReading(value === '' ? { settings: {} } : { profile: value })}
        data={[{ value: '', label: texts.none }, ...names]}
      />
      {chosen === '' ? null : <ChosenProfile key={chosen} name={chosen} onReading={onReading} />}
    </>
  );
}

function ChosenProfile({ name, onReading }: { name: string; onReading: Props['onReading'] }) {
  const { profiles: texts, sending } = useTexts();
  const queries = useQueryClient();
  const [isAsking, asking] = useDisclosure();
  const params = { path: { name } };
  const change = useMutation({
    mutationFn: () => dataOf(client.GET('/v1/import-profiles/{name}', { params })),
    onSuccess: ({ settings }) => onReading({ settings }),
  });
  const remove = useMutation({
    mutationFn: async () => {
      const { response, error } = await client.DELETE('/v1/import-profiles/{name}', { params });
      if (!response.ok) throw toProblemError(response.status, error);
    },
    onSettled: asking.close,
    onSuccess: () => {
      onReading({ settings: {} });
      void queries.invalidateQueries({ queryKey: PROFILES_KEY });
    },
  });
  const error = change.error ?? remove.error;
  return (
    <>
      {error ? <ProblemAlert error={error} /> : null}
      <Group gap="xs">
        <Button variant="light" size="xs" loading={change.isPending} onClick={() => change.mutate()}>
          {texts.change}
        </Button>
        <Button variant="default" size="xs" onClick={asking.open}>
          {texts.remove}
        </Button>
      </Group>
      <Modal opened={isAsking} onClose={asking.close} withCloseButton={false} title={texts.removeTitle(name)}>
        <Text size="sm">{texts.removeText}</Text>
        <Group mt="md">
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
            {texts.remove}
          </Button>
          <Button variant="default" onClick={asking.close} data-autofocus>
            {sending.stay}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
