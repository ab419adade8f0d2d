/** Pixels that an element may be high: browsers draw none of more than some 17 million, and a million rows have 44 million. */
const SHOWN_MAX = 12_000_000;
/** Next to both ends of a list, what is scrolled is what is shown. */
const END_ZONE = 50_000;
/** How far what is scrolled may be from where the scroll bar should stand. */
const DRIFT_MAX = 10_000;

/** @param real height of all rows. @param view height that is seen of them. */
export type ListSize = { real: number; view: number };

/** `shown` is where the element is scrolled to, `real` which row that is, both in pixels from the top. */
export type ScrollPosition = { shown: number; real: number };

/** The height of the element that stands for all rows. */
export function shownHeight({ real }: ListSize): number {
  return Math.min(real, SHOWN_MAX);
}

/**
 * Where a list is when its element was scrolled to `shown`. A short way is the same in rows, so that a wheel and the keys pass over
 * none; a long one, as by the scroll bar, is in proportion. After many short ones the element must be scrolled back to where it belongs:
 * its new place is in the answer.
 */
export function scrollTo(before: ScrollPosition, shown: number, size: ListSize): ScrollPosition {
  if (shownHeight(size) === size.real) return { shown, real: shown };
  const isShort = Math.abs(shown - before.shown) <= size.view;
  if (!isShort) return { shown, real: toReal(shown, size) };
  const real = clamp(before.real + shown - before.shown, lastReal(size));
  const proper = toShown(real, size);
  const drift = Math.abs(proper - shown);
  const isNearEnd = real < END_ZONE || real > lastReal(size) - END_ZONE;
  return drift > (isNearEnd ? 1 : DRIFT_MAX) ? { shown: proper, real } : { shown, real };
}

/** Where the list stands when this pixel of it is at the top. */
export function positionOf(real: number, size: ListSize): ScrollPosition {
  const clamped = clamp(real, lastReal(size));
  return { shown: toShown(clamped, size), real: clamped };
}

function toShown(real: number, size: ListSize): number {
  return Math.round(stretch(real, lastReal(size), lastShown(size)));
}

function toReal(shown: number, size: ListSize): number {
  return Math.round(stretch(clamp(shown, lastShown(size)), lastShown(size), lastReal(size)));
}

/** A place in a length, in another length: at both ends the same, in proportion between. */
function stretch(place: number, length: number, otherLength: number): number {
  if (length === otherLength || place < END_ZONE) return place;
  if (place > length - END_ZONE) return otherLength - (length - place);
  return END_ZONE + ((place - END_ZONE) * (otherLength - 2 * END_ZONE)) / (length - 2 * END_ZONE);
}

function lastReal({ real, view }: ListSize): number {
  return Math.max(0, real - view);
}

function lastShown(size: ListSize): number {
  return Math.max(0, shownHeight(size) - size.view);
}

function clamp(value: number, max: number): number {
  return Math.min(Math.max(0, value), max);
}
