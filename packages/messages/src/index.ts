export { decodeBody, UnreadableMessageError } from './decode.ts';
export { encodeBody, encodeRow, encodeRowsHead } from './encode.ts';
export { ENCODINGS, encodingNamed } from './encodings.ts';
export {
  decodeEvent,
  EVENT_TYPE_NAMES,
  EVENT_TYPES,
  EVENT_VERSION,
  type Event,
  type EventData,
  type EventType,
  eventSchema,
  isEventType,
  SEVERITIES,
  type Severity,
  schemaOfEvent,
  TERMINAL_EVENT_TYPES,
} from './events.ts';
export { FILE_NAME_MAX, presentableFileName } from './file-name.ts';
export {
  CONSTANT_MAX,
  type ColumnSource,
  ENCODING_LABEL_MAX,
  HEADER_CELL_MAX,
  HEADER_LINE_MAX,
  type ImportSettings,
  importSettingsSchema,
  JOINED_MAX,
} from './import-settings.ts';
export {
  type Detected,
  decodeMessage,
  detectedSchema,
  type Message,
  type MessageOf,
  type SourceObject,
} from './message.ts';
export { decodeReadTask, type ReadTask, type SegmentTask } from './read-task.ts';
export { decodeKey, sourceObjectsOf } from './s3-event.ts';
export { asOwnUpload, type CreatedObject, hasIdOfKey, sourceObjectOf } from './source-object.ts';
export {
  decodeProfile,
  decodeSettings,
  encodeProfile,
  encodeSettings,
  isProfileName,
  keyOfProfile,
  keyOfSettings,
  keyOfSettingsNote,
  PROFILE_NAME_MAX,
  PROFILE_PREFIX,
  type Profile,
  profileNamedBy,
  profileNameOfKey,
  profileNameSchema,
  type ReadSettings,
  reachesOwnObjects,
  SETTINGS_NOTE_PREFIX,
  SETTINGS_PREFIX,
  STORED_SETTINGS_MAX_BYTES,
  settingsOfProfile,
  UnreadableSettingsError,
} from './stored-settings.ts';
export { copiedUploadId, fileNameOfKey, isKeyOfApi, keyOfUpload, newUploadId, UPLOAD_PREFIX } from './upload-id.ts';
export { MESSAGE_VERSION } from './version.ts';
