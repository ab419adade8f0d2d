import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { keyOfSettings, newUploadId, type ReadSettings } from '@rowferry/messages';
import { keysOf, setupAws } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { deleteProfile, findProfile, listProfiles, putProfile } from './import-profiles.ts';
import { findSettings, settleSettings, storeSettings } from './import-settings.ts';

const PROFILE = { settings: { delimiter: ';' as const }, header: ['a', 'b'], updatedAt: '2026-11-28T12:00:00.000Z' };
const OF_PROFILE: ReadSettings = { delimiter: ';', expectedHeader: { profile: 'payroll', cells: ['a', 'b'] } };

/** An object that somebody put into a folder. */
function uploadIn(bucket: string, folder = 'payroll') {
  return { id: newUploadId(), bucket, key: `uploads/${folder}/staff.csv`, settingsId: undefined };
}

test('an object is read by the settings that it names', async () => {
  const { s3, bucket } = await setupAws();
  const settings: ReadSettings = { constants: { company_name: 'Müller & Söhne' }, headerLine: 3 };

  const settingsId = await storeSettings(s3, bucket, settings);

  expect(await settleSettings(s3, { ...uploadIn(bucket), settingsId })).toEqual(settings);
  expect(await findSettings(s3, { ...uploadIn(bucket), settingsId })).toEqual(settings);
  expect(await keysOf(s3, bucket)).toEqual([keyOfSettings(settingsId)]);
});

test('settings that are gone, were changed or have a strange name are an error, never left out', async () => {
  const { s3, bucket } = await setupAws();
  const settingsId = await storeSettings(s3, bucket, { delimiter: ';' });
  const other = await storeSettings(s3, bucket, { delimiter: ',' });
  const address = { Bucket: bucket, Key: keyOfSettings(settingsId) };
  const settle = (id = settingsId) => settleSettings(s3, { ...uploadIn(bucket), settingsId: id });

  await s3.send(new PutObjectCommand({ ...address, Body: '{"v":1,"settings":{}}' }));
  await expect(settle()).rejects.toThrow(/was changed/);
  await s3.send(new PutObjectCommand({ ...address, Body: Buffer.alloc(3 * 1024 * 1024) }));
  await expect(settle()).rejects.toThrow('it has 3145728 bytes');
  await s3.send(new DeleteObjectCommand(address));
  await expect(settle()).rejects.toThrow(`there is no import-settings/${settingsId}.json`);
  await expect(settle('payroll')).rejects.toThrow('no SHA-256');
  expect(await settle(other)).toEqual({ delimiter: ',' });
});

test('an object in the folder of a profile is read by it, in every attempt by what it said in the first', async () => {
  const { s3, bucket } = await setupAws();
  const upload = uploadIn(bucket);
  await putProfile(s3, bucket, 'payroll', PROFILE);
  expect(await findSettings(s3, upload)).toBeUndefined();

  expect(await settleSettings(s3, upload)).toEqual(OF_PROFILE);
  await putProfile(s3, bucket, 'payroll', { ...PROFILE, settings: {} });
  expect(await settleSettings(s3, upload)).toEqual(OF_PROFILE);
  await deleteProfile(s3, bucket, 'payroll');
  expect(await settleSettings(s3, upload)).toEqual(OF_PROFILE);
  expect(await findSettings(s3, upload)).toEqual(OF_PROFILE);

  expect(await settleSettings(s3, { ...upload, id: newUploadId() })).toEqual({});
});

test('a folder that is no profile in the first attempt is none in the next one', async () => {
  const { s3, bucket } = await setupAws();
  const upload = uploadIn(bucket, 'march');

  expect(await settleSettings(s3, upload)).toEqual({});
  await putProfile(s3, bucket, 'march', PROFILE);

  expect(await settleSettings(s3, upload)).toEqual({});
});

test('attempts at the same time, between which a profile changes, agree', async () => {
  const { s3, bucket } = await setupAws();
  const upload = uploadIn(bucket);
  const change = (delimiter: ',' | ';') => putProfile(s3, bucket, 'payroll', { ...PROFILE, settings: { delimiter } });

  const attempts = [1, 2, 3, 4].flatMap((number) => [
    change(number % 2 === 0 ? ',' : ';').then(() => []),
    settleSettings(s3, upload).then((settings) => [settings]),
  ]);
  const [first, ...others] = (await Promise.all(attempts)).flat();

  expect(first).toBeDefined();
  expect(others).toEqual([first, first, first]);
});

test('objects in no folder of that kind cost no request', async () => {
  const { s3, bucket } = await setupAws();
  const upload = uploadIn(bucket);
  s3.middlewareStack.add(() => () => Promise.reject(new Error('asked')), { step: 'initialize' });

  for (const key of ['uploads/staff.csv', 'uploads/Payroll/staff.csv', 'uploads/a b/staff.csv'])
    expect(await settleSettings(s3, { ...upload, key })).toEqual({});
});

test('profiles are stored, replaced, listed by name and removed', async () => {
  const { s3, bucket } = await setupAws();
  await putProfile(s3, bucket, 'payroll', PROFILE);
  await putProfile(s3, bucket, 'crm', PROFILE);
  await putProfile(s3, bucket, 'payroll', { ...PROFILE, header: ['c'] });
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'import-profiles/Read me.txt', Body: 'x' }));

  expect((await listProfiles(s3, bucket)).map(({ name }) => name)).toEqual(['crm', 'payroll']);
  expect(await findProfile(s3, bucket, 'payroll')).toEqual({ ...PROFILE, header: ['c'] });
  await deleteProfile(s3, bucket, 'payroll');
  await deleteProfile(s3, bucket, 'payroll');
  expect(await findProfile(s3, bucket, 'payroll')).toBeUndefined();
  expect((await listProfiles(s3, bucket)).map(({ name }) => name)).toEqual(['crm']);
});
