import { z } from 'zod';
import { FILE_LENGTH_MAX } from '../../contract/fields.ts';
import { defineRoute } from '../../contract/route.ts';
import { idParameters } from '../../http/parameters.ts';
import { COMPLETED_UPLOAD } from '../examples.ts';

const EVENT_ID_MAX = 64;

export const followUpload = defineRoute({
  method: 'get',
  path: '/v1/uploads/{id}/events',
  operationId: 'followUpload',
  tag: 'Uploads',
  summary: 'Follow an upload as it goes',
  description:
    'Server-Sent Events whose data is the upload: `progress` at once and then when something has changed, at most four ' +
    'times a second, and `completed` when nothing more will come, after which the stream ends. `refused`, whose data is ' +
    'a code and a detail, ends it when the credentials are no longer valid. A client that comes back with the id of a `completed` event is answered 204, so that a browser stops coming back.',
  scope: 'read',
  parameters: {
    path: idParameters,
    header: z.object({
      'last-event-id': z
        .string()
        .max(EVENT_ID_MAX, `must have ${EVENT_ID_MAX} characters at most`)
        .optional()
        .describe('The id of the last event that came; browsers send it by themselves.'),
    }),
  },
  answers: {
    200: {
      description: 'The events.',
      contentType: 'text/event-stream',
      schema: z.string().max(FILE_LENGTH_MAX),
      example: `id: kPd0mNq3v1Yw8s5B\nevent: completed\ndata: ${JSON.stringify(COMPLETED_UPLOAD)}\n\n`,
    },
    204: { description: 'The client has seen the last event.' },
  },
  problems: ['upload_not_found', 'busy'],
});
