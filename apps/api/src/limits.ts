/** Sizes, lengths and counts that several parts of the API must agree on. What one file alone needs stands in that file. */

const MIB = 1024 * 1024;

/** Items on one page of any list. */
export const PAGE_LIMIT_MAX = 100;

/** Characters of a UUID. */
export const UUID_LENGTH = 36;

/** Characters of a request's id. */
export const REQUEST_ID_MAX = 64;

/** Parts of a direct upload. S3 allows 10,000; with these a plan is below a megabyte, and the parts of the largest object, 5 TiB, below 5 GiB. */
export const PARTS_MAX = 1024;

/** Largest JSON body: the parts of the largest upload plan, `PARTS_MAX`, come to some 600 KiB. */
export const JSON_BODY_MAX_BYTES = MIB;

/** Seconds after which a client may try again when the server is busy or a service is unavailable. */
export const RETRY_AFTER_SECONDS = 5;
