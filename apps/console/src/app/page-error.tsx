import { Container } from '@mantine/core';
import { useRouteError } from 'react-router';
import { ProblemAlert } from '../parts/problem-alert.tsx';

/** What stands in place of a page that broke: a fault of the console, or a part of it that could not be loaded. */
export function PageError() {
  const error = useRouteError();
  return (
    <Container size="lg" py="lg">
      <ProblemAlert error={error} onRetry={() => window.location.reload()} />
    </Container>
  );
}
