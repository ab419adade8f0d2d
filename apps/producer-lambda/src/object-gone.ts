import type { UploadFailure } from '@rowferry/roster';

export const OBJECT_GONE: UploadFailure = {
  code: 'object_gone',
  detail: 'The file was removed or replaced in the bucket before it was read.',
};
