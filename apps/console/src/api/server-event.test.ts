import { expect, test } from 'vitest';
import { readEvent } from './server-event.ts';

test('an event has its name, its id and its data', () => {
  expect(readEvent('id: a1\nevent: completed\ndata: {"id":"x: y"}')).toEqual({
    name: 'completed',
    id: 'a1',
    data: '{"id":"x: y"}',
  });
});

test('an event without a name is a message', () => {
  expect(readEvent('data:{}')).toEqual({ name: 'message', id: undefined, data: '{}' });
});

test.each([': still here', 'retry: 1000', ''])('what has no data is no event: %j', (block) => {
  expect(readEvent(block)).toBeUndefined();
});
