import { importSettingsSchema, PROFILE_NAME_MAX, profileNameSchema } from '@rowferry/messages';
import { CELLS_MAX, EXPECTED_CELL_MAX } from '@rowferry/roster';
import { z } from 'zod';
import { linkHeader, PAGINATION_EXAMPLE, pageOf } from '../contract/answers.ts';
import { momentField, textField } from '../contract/fields.ts';
import { defineRoute } from '../contract/route.ts';
import { pageParameters } from '../http/parameters.ts';

const CELLS_ERROR = `must be the cells of a header: a list of up to ${CELLS_MAX} texts of up to ${EXPECTED_CELL_MAX} characters`;

const nameParameter = z.object({ name: profileNameSchema.describe('The name of the profile.') });

const headerField = z.array(textField(EXPECTED_CELL_MAX)).max(CELLS_MAX);

const profileSchema = z
  .object({
    name: textField(PROFILE_NAME_MAX),
    settings: importSettingsSchema,
    header: headerField.describe('The cells of the header that it is for; empty: its files have none.'),
    updatedAt: momentField.describe('When it was stored.'),
  })
  .meta({ id: 'ImportProfile' });

const PROFILE_EXAMPLE = {
  name: 'payroll',
  settings: { columns: { employee_name: ['First', 'Last'], email: 'Mail' }, constants: { company_name: 'Acme, Inc.' } },
  header: ['First', 'Last', 'Mail'],
  updatedAt: '2026-11-28T09:30:00.000Z',
} satisfies z.input<typeof profileSchema>;

export const listProfiles = defineRoute({
  method: 'get',
  path: '/v1/import-profiles',
  operationId: 'listProfiles',
  tag: 'Import profiles',
  summary: 'List import profiles by name',
  description: 'Their names, and when each was stored.',
  scope: 'read',
  parameters: { query: z.object(pageParameters) },
  answers: {
    200: {
      description: 'One page of profiles.',
      schema: pageOf(
        z.object({ name: textField(PROFILE_NAME_MAX), updatedAt: momentField }).meta({ id: 'ImportProfileEntry' }),
      ),
      example: {
        data: [{ name: PROFILE_EXAMPLE.name, updatedAt: PROFILE_EXAMPLE.updatedAt }],
        pagination: { ...PAGINATION_EXAMPLE, total: 1 },
      },
      headers: linkHeader,
    },
  },
  problems: [],
});

export const showProfile = defineRoute({
  method: 'get',
  path: '/v1/import-profiles/{name}',
  operationId: 'showProfile',
  tag: 'Import profiles',
  summary: 'Show an import profile',
  description: 'Its settings, and the header that it is for.',
  scope: 'read',
  parameters: { path: nameParameter },
  answers: { 200: { description: 'The profile.', schema: profileSchema, example: PROFILE_EXAMPLE } },
  problems: ['profile_not_found'],
});

export const storeProfile = defineRoute({
  method: 'put',
  path: '/v1/import-profiles/{name}',
  operationId: 'storeProfile',
  tag: 'Import profiles',
  summary: 'Store an import profile',
  description:
    'Takes the place of the profile that had the name. Files that are sent with `profile=<name>`, or put into the bucket below ' +
    '`uploads/<name>/`, are read by it from then on; what was received before is not. A file with another header is refused.',
  scope: 'operate',
  parameters: { path: nameParameter },
  body: {
    contentType: 'application/json',
    schema: z
      .strictObject(
        {
          settings: importSettingsSchema,
          header: z
            .array(z.string({ error: CELLS_ERROR }).max(EXPECTED_CELL_MAX, CELLS_ERROR), { error: CELLS_ERROR })
            .max(CELLS_MAX, CELLS_ERROR)
            .optional()
            .describe('The cells of the header that it is for. Required, unless `headerLine` is 0.'),
        },
        { error: 'must be a JSON object' },
      )
      .superRefine(({ settings, header = [] }, context) => {
        const hasHeader = settings.headerLine !== 0;
        const isNamed = header.some((cell) => cell.trim() !== '');
        if (hasHeader === isNamed) return;
        const message = hasHeader ? CELLS_ERROR : 'must be left out: headerLine 0 says that there is no header';
        context.addIssue({ code: 'custom', path: ['header'], message });
      })
      .meta({ id: 'NewImportProfile' }),
  },
  answers: { 200: { description: 'The profile is stored.', schema: profileSchema, example: PROFILE_EXAMPLE } },
  problems: ['settings_mismatch'],
});

export const deleteProfile = defineRoute({
  method: 'delete',
  path: '/v1/import-profiles/{name}',
  operationId: 'deleteProfile',
  tag: 'Import profiles',
  summary: 'Delete an import profile',
  description: 'What was received before is read by it all the same. Calling it again returns the same answer.',
  scope: 'operate',
  parameters: { path: nameParameter },
  answers: { 204: { description: 'There is no profile of that name.' } },
  problems: [],
});
