import { LeaderElection, listBackfills } from '@rowferry/database';
import { putObject, setup } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { ScheduledPickup } from './scheduled-pickup.ts';

test('at its moment, one of two workers asks for what is there, says when that is nothing, and why it is refused', async () => {
  const fixtures = await setup();
  const { database, databaseUrl, s3, bucket, log } = fixtures;
  const pickupBy = (profile?: string) => {
    const leaderElection = new LeaderElection({ url: databaseUrl, job: 'backfills' });
    const pickup = new ScheduledPickup({
      ...fixtures,
      allowedPrefix: undefined,
      // Never while the test runs: it asks by itself.
      pickup: { prefix: 'incoming/', profile, schedule: '0 0 29 2 *' },
      leaderElection,
      logger: log.logger,
    });
    onTestFinished(async () => {
      await pickup.stop();
      await leaderElection.release();
    });
    return pickup;
  };
  const [leader, other] = [pickupBy(), pickupBy()];
  const said = () => log.entries.map(({ msg }) => msg);
  const count = async () => (await listBackfills(database, { limit: 10, offset: 0 })).total;

  await leader.ask();
  expect(said()).toEqual(['scheduled pickup found nothing']);
  await putObject(s3, { bucket, key: 'incoming/staff.csv', content: 'x' });
  await other.ask();
  expect(await count()).toBe(0);
  await leader.ask();
  await leader.ask();

  expect(said().slice(1)).toEqual(['scheduled pickup began', 'scheduled pickup began']);
  expect(await count()).toBe(1);
  expect(log.entries.map(({ isNew }) => isNew)).toEqual([undefined, true, false]);
});

test('a profile that is not there is said once a moment, and the schedule goes on', async () => {
  const fixtures = await setup();
  const { databaseUrl, s3, bucket, log } = fixtures;
  await putObject(s3, { bucket, key: 'incoming/staff.csv', content: 'x' });
  const leaderElection = new LeaderElection({ url: databaseUrl, job: 'backfills' });
  const pickup = new ScheduledPickup({
    ...fixtures,
    allowedPrefix: undefined,
    pickup: { prefix: 'incoming/', profile: 'payroll', schedule: '0 0 29 2 *' },
    leaderElection,
    logger: log.logger,
  });
  onTestFinished(async () => {
    await pickup.stop();
    await leaderElection.release();
  });

  await pickup.ask();

  expect(log.entries).toMatchObject([
    { code: 'unknown_profile', msg: 'scheduled pickup refused: There is no profile "payroll".' },
  ]);
});
