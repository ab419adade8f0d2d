import { Anchor, CloseButton, Drawer, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { client, dataOf } from '../api/client.ts';
import { COLUMNS } from '../api/settings.ts';
import type { EmployeeDetails } from '../api/types.ts';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { formatMoment, formatNumber } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';

/** All that is known of one person, and the row that it comes from. @param id null: nobody is shown. */
export function PersonDrawer({ id, onClose }: { id: string | null; onClose: () => void }) {
  const { person: texts, close } = useTexts();
  return (
    <Drawer.Root opened={id !== null} onClose={onClose} position="right">
      <Drawer.Overlay />
      {/* Without Mantine's own header, which would be a second banner of the page. */}
      <Drawer.Content aria-label={texts.title}>
        <Drawer.Body>
          <Group justify="space-between" my="md">
            <Title order={2}>{texts.title}</Title>
            <CloseButton aria-label={close} onClick={onClose} />
          </Group>
          {id === null ? null : <Person id={id} />}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

function Person({ id }: { id: string }) {
  const person = useQuery({
    queryKey: ['employee', id],
    queryFn: ({ signal }) =>
      dataOf(client.GET('/v1/employees/{employeeId}', { params: { path: { employeeId: id } }, signal })),
  });
  if (person.error) return <ProblemAlert error={person.error} onRetry={() => void person.refetch()} />;
  if (person.data === undefined) return <Skeleton h={240} />;
  return <PersonFacts person={person.data} />;
}

function PersonFacts({ person }: { person: EmployeeDetails }) {
  const texts = useTexts();
  const { uploadId, fileName, line, receivedAt } = person.origin;
  return (
    <Stack component="dl" m={0} gap="md">
      {COLUMNS.map((column) => (
        <Fact key={column} name={texts.columns[column] ?? column}>
          {person[column] ?? texts.people.noNumber}
        </Fact>
      ))}
      <Fact name={texts.person.added}>{formatMoment(person.createdAt)}</Fact>
      <Fact name={texts.person.changed}>{formatMoment(person.updatedAt)}</Fact>
      <Fact name={texts.person.origin}>
        {fileName === null ? (
          texts.person.unknown
        ) : (
          <>
            <Anchor component={Link} underline="always" to={`/uploads/${uploadId}`}>
              {fileName}
            </Anchor>
            , {texts.person.line(formatNumber(line))}
          </>
        )}
        <br />
        {texts.person.received(formatMoment(receivedAt))}
      </Fact>
    </Stack>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <Text component="dt" size="sm" c="dimmed">
        {name}
      </Text>
      <Text component="dd" m={0}>
        {children}
      </Text>
    </div>
  );
}
