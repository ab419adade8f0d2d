export { type ReadableSegment, readRows, segmentsOf } from './read-rows.ts';
export { type ReadRange, RecordFinder } from './record-finder.ts';
export { refuseUnreadable } from './refuse-unreadable.ts';
export { type FileFacts, factsOf, type Survey, survey } from './survey.ts';
export { type EncodingSample, refuseNotCsv, UnreadableFileError } from './unreadable-file.ts';
