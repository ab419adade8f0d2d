import type { StartedUpload } from '@rowferry/database';
import type { MessageOf } from '@rowferry/messages';

/** Messages about what is in an upload. Which upload that is, only its `upload.started` says. */
export type ContentMessage = MessageOf<'rows'> | MessageOf<'segment.finished'>;

/**
 * Why a message cannot be about this upload; undefined when it can. What the survey counted bounds it: no producer sends a
 * segment or a line that the file does not have (docs/decisions/0014-forged-messages.md).
 */
export function whyForeign(message: ContentMessage, upload: StartedUpload): string | undefined {
  const { segments, surveyedRows, lastLine } = upload;
  if (segments !== null && message.segment >= segments)
    return `segment ${message.segment} of an upload that has ${segments}`;
  if (message.type === 'segment.finished')
    return surveyedRows !== null && message.rows > surveyedRows
      ? `${message.rows} rows in a segment of an upload that has ${surveyedRows}`
      : undefined;
  const beyond = message.rows.find(({ line }) => lastLine !== null && line > lastLine);
  return beyond && `line ${beyond.line} of an upload that has ${lastLine}`;
}
