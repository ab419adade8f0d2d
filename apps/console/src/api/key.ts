const ITEM = 'rowferry-key';
const listeners = new Set<() => void>();
let wanted = false;

/** The API key of this tab: in session storage alone, so it ends with the tab and is in no URL. */
export function currentKey(): string | null {
  return sessionStorage.getItem(ITEM);
}

/** What sends the key with a request; nothing without one. */
export function keyHeaders(): { Authorization?: string } {
  const key = currentKey();
  return key === null ? {} : { Authorization: `Bearer ${key}` };
}

/** To be told of every answer: a 401 says that a key is wanted, or another one. */
export function noteStatus(status: number): void {
  if (status === 401) wantKey();
}

export function setKey(key: string): void {
  sessionStorage.setItem(ITEM, key);
  setWanted(false);
}

/** Says that the API refused a request for want of a key. */
export function wantKey(): void {
  sessionStorage.removeItem(ITEM);
  setWanted(true);
}

export function isKeyWanted(): boolean {
  return wanted;
}

/** For `useSyncExternalStore`. */
export function onKeyWanted(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function setWanted(value: boolean): void {
  wanted = value;
  for (const listener of listeners) listener();
}
