const ITEM = 'rowferry-key';
const listeners = new Set<() => void>();
let wanted = false;

/** The API key of this tab: in session storage alone, so it ends with the tab and is in no URL. */
export function currentKey(): string | null {
  return sessionStorage.getItem(ITEM);
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
