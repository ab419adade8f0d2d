import type { S3Client } from '@aws-sdk/client-s3';
import { deleteProfile, findProfile, listProfiles, putProfile } from '@rowferry/aws';
import { type ImportSettings, type Profile, UnreadableSettingsError } from '@rowferry/messages';
import { readHeader } from '@rowferry/roster';
import { type Route, serve } from '../contract/serve.ts';
import { offsetOf, pageReply } from '../http/pagination.ts';
import { ApiProblem } from '../problems/api-problem.ts';
import * as contract from './contract.ts';

export type ProfileSettings = { s3: S3Client; bucket: string };

export function profileRoutes({ s3, bucket }: ProfileSettings): Route[] {
  return [
    serve(contract.listProfiles, async ({ query: page }, request) => {
      const profiles = await listProfiles(s3, bucket);
      const offset = offsetOf(page);
      const data = profiles
        .slice(offset, offset + page.limit)
        .map(({ name, updatedAt }) => ({ name, updatedAt: updatedAt.toISOString() }));
      return pageReply(request, page, data, { total: profiles.length, totalRelation: 'eq' });
    }),

    serve(contract.showProfile, async ({ path: { name } }) => {
      const profile = await findProfile(s3, bucket, name).catch(asNotFound);
      if (profile === undefined) throw profileNotFound(`There is no profile ${name}.`);
      return { status: 200, body: toResource(name, profile) };
    }),

    serve(contract.storeProfile, async ({ path: { name }, body: { settings, header = [] } }, request) => {
      refuseMismatch(settings, header);
      const profile = { settings, header, updatedAt: new Date().toISOString() };
      await putProfile(s3, bucket, name, profile);
      request.log.info({ profile: name }, 'import profile stored');
      return { status: 200, body: toResource(name, profile) };
    }),

    serve(contract.deleteProfile, async ({ path: { name } }, request) => {
      await deleteProfile(s3, bucket, name);
      request.log.info({ profile: name }, 'import profile deleted');
      return { status: 204 };
    }),
  ];
}

/** Settings that name what is not in the profile's own header are for no file. @throws ApiProblem `settings_mismatch` */
function refuseMismatch({ headerLine, ...settings }: ImportSettings, header: readonly string[]): void {
  if (headerLine === 0) return;
  const result = readHeader([{ line: 1, fields: header }], settings);
  if (result.ok || result.failure.code !== 'settings_mismatch') return;
  const { code, detail, columns = [] } = result.failure;
  const errors = columns.map((column) => ({
    parameter: `settings.columns.${column}`,
    message: 'is not in the header',
  }));
  throw new ApiProblem(code, detail, { errors });
}

function toResource(name: string, { settings, header, updatedAt }: Profile) {
  return { name, settings, header: [...header], updatedAt };
}

/** Somebody put something else there. It can be replaced and deleted. */
function asNotFound(error: unknown): never {
  if (!(error instanceof UnreadableSettingsError)) throw error;
  throw profileNotFound(`What the bucket has under this name is no profile: ${error.message}. Store it again.`);
}

function profileNotFound(detail: string): ApiProblem {
  return new ApiProblem('profile_not_found', detail);
}
