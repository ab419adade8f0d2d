import { hash } from 'node:crypto';
import type { EmployeeFilter, EmployeeOrder, EmployeePosition } from '@rowferry/database';
import { byColumn } from '@rowferry/roster';
import { z } from 'zod';
import { ApiProblem } from '../problems/api-problem.ts';

/** The list that a cursor belongs to. */
export type Walk = { filter: EmployeeFilter; order: EmployeeOrder };

/** Where a walk goes on: after which employee, and which page of the walk that will be. */
export type WalkStep = { after: EmployeePosition; page: number };

/** Enough of a hash that nobody takes the cursor of another list by mistake; it keeps nothing secret. */
const LIST_LENGTH = 16;

const count = z.int().min(1).max(Number.MAX_SAFE_INTEGER);
const moment = z.int().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);
// Postgres knows no U+0000.
const text = z.string().regex(/^[^\0]*$/);

/** By what the list is in order of: the value of an `EmployeePosition`. */
const VALUES = { ...byColumn(() => text), id: count, created_at: moment };

export function encodeCursor(walk: Walk, { after, page }: WalkStep): string {
  return Buffer.from(JSON.stringify([listOf(walk), page, after.value, after.id])).toString('base64url');
}

/** @throws ApiProblem `invalid_parameter` when it is no cursor, or the cursor of another list. */
export function decodeCursor(walk: Walk, cursor: string): WalkStep {
  const schema = z.tuple([z.literal(listOf(walk)), count, VALUES[walk.order.by], count]);
  const result = schema.safeParse(parse(cursor));
  if (!result.success) throw badCursor('must be the nextCursor of a page of the same list');
  const [, page, value, id] = result.data;
  return { after: { value, id }, page };
}

export function badCursor(message: string): ApiProblem {
  return new ApiProblem('invalid_parameter', `cursor ${message}.`, { errors: [{ parameter: 'cursor', message }] });
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** Names a list by everything that its filter and its order have, so that a new filter is part of it from the start. */
function listOf({ filter, order }: Walk): string {
  return hash('sha256', JSON.stringify([membersOf(filter), membersOf(order)]), 'base64url').slice(0, LIST_LENGTH);
}

/** Members without a value do not count: they select nothing. */
function membersOf(object: Record<string, string | number | boolean | undefined>): [string, unknown][] {
  return Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}
