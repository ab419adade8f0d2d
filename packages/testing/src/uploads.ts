import { newUploadId, type Upload } from '@rowferry/roster';

/** An upload as the producer knows it; what is not given is the same for all but the id. */
export function anUpload(values: Partial<Upload> = {}): Upload {
  const id = values.id ?? newUploadId();
  return {
    id,
    bucket: 'bucket',
    key: `uploads/${id}/staff.csv`,
    etag: 'e7a9',
    versionId: null,
    fileName: 'staff.csv',
    sizeBytes: 1000,
    receivedAt: '2026-11-22T10:00:00.000Z',
    ...values,
  };
}
