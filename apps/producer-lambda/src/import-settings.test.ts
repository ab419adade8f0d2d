import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { putProfile, storeSettings } from '@rowferry/aws';
import { SEGMENT_BYTES } from '@rowferry/csv';
import {
  encodeBody,
  keyOfSettings,
  keyOfUpload,
  MESSAGE_VERSION,
  newUploadId,
  type Profile,
  type ReadTask,
} from '@rowferry/messages';
import { csvOf, putObject, removeObject, s3Record } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { only, type ProducerFixtures, rowsIn, setupProducer } from '../test/setup-producer.ts';

const HEADER = ['employee_name', 'company_name', 'mobile_no', 'email'];
const CSV = csvOf([HEADER, ['Jane Doe', 'Acme', '0123456789', 'jane@x.org']]);

function profileFor(header: string[], settings: Profile['settings'] = {}): Profile {
  return { settings, header, updatedAt: '2026-11-28T12:00:00.000Z' };
}

/** Puts a file into the bucket as the API does, with settings that its metadata name. */
async function putWithSettings({ s3, bucket }: ProducerFixtures, settingsId: string) {
  const id = newUploadId('staff.csv');
  const key = keyOfUpload(id, 'staff.csv');
  return putObject(s3, { bucket, key, content: CSV, metadata: { 'import-settings': settingsId } });
}

test('a file whose settings are gone fails, and says so; it is not read without them', async () => {
  const producer = await setupProducer();
  const { s3, bucket, handleObjects, takeMessages } = producer;
  const settingsId = await storeSettings(s3, bucket, { delimiter: ',' });
  const object = await putWithSettings(producer, settingsId);
  await removeObject(s3, { bucket, key: keyOfSettings(settingsId) });

  await handleObjects({ Records: [s3Record(object)] });

  expect(await takeMessages()).toMatchObject([
    {
      type: 'upload.failed',
      failure: {
        code: 'invalid_settings',
        detail: expect.stringContaining(`there is no import-settings/${settingsId}`),
      },
    },
  ]);
});

test.for([
  ['small', CSV],
  ['large', CSV + 'Jane Doe,Acme,0123456789,jane@x.org\n'.repeat(SEGMENT_BYTES / 30)],
] as const)(
  'a %s file in the folder of a profile that was made for another header fails with the difference',
  async ([, content]) => {
    const { s3, bucket, handleObjects, takeMessages, takeTasks, put } = await setupProducer();
    await putProfile(s3, bucket, 'payroll', profileFor([...HEADER, 'Notes']));

    await handleObjects({ Records: [s3Record(await put('uploads/payroll/staff.csv', content))] });

    expect(await takeMessages()).toMatchObject([
      {
        type: 'upload.failed',
        failure: { code: 'profile_mismatch', detail: expect.stringContaining('Missing: "Notes".') },
      },
    ]);
    expect(await takeTasks()).toEqual([]);
  },
);

test('a file that is read again is read by what its profile said the first time', async () => {
  const { s3, bucket, handleObjects, takeMessages, put } = await setupProducer();
  await putProfile(s3, bucket, 'payroll', profileFor(HEADER));
  const event = { Records: [s3Record(await put('uploads/payroll/staff.csv', CSV))] };
  await handleObjects(event);
  const first = await takeMessages();
  await putProfile(s3, bucket, 'payroll', profileFor(['another']));

  await handleObjects(event);

  expect(only(first, 'rows')).toHaveLength(1);
  expect(await takeMessages()).toEqual(first);
});

test('a file that is redriven is read by the settings that it came with', async () => {
  const producer = await setupProducer();
  const { s3, bucket, sqs, segmentQueueUrl, handleObjects, takeMessages, publishTasks } = producer;
  const settingsId = await storeSettings(s3, bucket, { columns: { mobile_no: 1, employee_name: 3 } });
  await handleObjects({ Records: [s3Record(await putWithSettings(producer, settingsId))] });
  const first = await takeMessages();
  const [started] = only(first, 'upload.started');
  if (started === undefined) throw new Error('the file was not read');
  const task: ReadTask = { v: MESSAGE_VERSION, type: 'object', upload: started.upload };

  await sqs.send(new SendMessageCommand({ QueueUrl: segmentQueueUrl, MessageBody: encodeBody(task) }));

  expect(await publishTasks()).toEqual([]);
  expect(rowsIn(first)).toMatchObject([{ employee_name: '0123456789', mobile_no: 'Jane Doe' }]);
  expect(await takeMessages()).toEqual(first);
});

test('a folder that is no profile is a folder, and stays one for a file that was read', async () => {
  const { s3, bucket, handleObjects, takeMessages, put } = await setupProducer();
  const event = { Records: [s3Record(await put('uploads/march/staff.csv', CSV))] };
  await handleObjects(event);
  const first = await takeMessages();
  await putProfile(s3, bucket, 'march', profileFor(['another']));

  await handleObjects(event);

  expect(only(first, 'rows')).toHaveLength(1);
  expect(await takeMessages()).toEqual(first);
});

test('what settings are kept in is not taken for a file', async () => {
  const { s3, bucket, handleObjects, takeMessages } = await setupProducer();
  const settingsId = await storeSettings(s3, bucket, { delimiter: ',' });

  await handleObjects({ Records: [s3Record({ bucket, key: keyOfSettings(settingsId), etag: 'e' })] });

  expect(await takeMessages()).toEqual([]);
});
