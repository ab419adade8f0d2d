import { z } from 'zod';

/**
 * The version of the message contract that is written.
 *
 * - 1: the values of a row are by place, in the order employee_name, company_name, mobile_no, email.
 * - 2: a message of rows says which columns they have.
 */
export const MESSAGE_VERSION = 2;

/**
 * Versions that are read: this one, and the one before it, whose messages are under way during a deployment. A consumer that
 * meets another leaves the message to the dead-letter queue.
 */
export const readableVersion = z.literal([1, MESSAGE_VERSION]);

/** The same, for messages that are alike in all of them. */
export const version = readableVersion.transform((): typeof MESSAGE_VERSION => MESSAGE_VERSION);
