import { type MessageOf, newUploadId, type SourceObject } from '@rowferry/messages';

/** An upload as the producer knows it; what is not given is the same for all but the id. */
export function anUpload(values: Partial<SourceObject> = {}): SourceObject {
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

type Facts = Omit<MessageOf<'upload.started'>, 'v' | 'type' | 'upload'>;

/** What reading a plain file tells, of one segment if not given otherwise. */
export function someFacts(values: Partial<Facts> = {}): Facts {
  return {
    segments: 1,
    detected: { delimiter: ',', encoding: 'utf-8', bom: false, header: true },
    columns: { employee_name: 'name', company_name: 'company', mobile_no: 'mobile', email: 'email' },
    ignoredColumns: [],
    brokenRecords: 0,
    ...values,
  };
}
