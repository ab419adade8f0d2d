import { useSyncExternalStore } from 'react';

let chosen: File | null = null;
const listeners = new Set<() => void>();

/** The file that the page of sending shows. On any page one can be dropped. */
export function chooseFile(file: File | null): void {
  chosen = file;
  for (const listener of listeners) listener();
}

export function useChosenFile(): File | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => chosen,
  );
}
