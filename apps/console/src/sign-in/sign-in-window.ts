import type { PreparedSignIn } from '../api/oidc.ts';

// The person signs in in a window of its own, so that the page stays as it is: with the file that was chosen and the cells
// that were corrected. The window tells the page what the issuer answered. Not by `opener`: there is none after the issuer's page,
// since the console lets no other site hold a reference to it (Cross-Origin-Opener-Policy).

const CHANNEL = 'rowferry-sign-in';
const PENDING_ITEM = 'rowferry-pending-sign-in';
const SECOND = 1000;
/** A page on the same machine answers at once, unless its tab sleeps. */
const TAKEN_TIMEOUT = 5 * SECOND;

type Message = { kind: 'answer'; query: string } | { kind: 'taken'; state: string };

/** @returns false when the browser opens no window. */
export function openSignInWindow({ url }: PreparedSignIn): boolean {
  return window.open(url, '_blank', 'popup,width=520,height=720') !== null;
}

/** Tells what the issuer answered to the sign-in with this state. @returns what stops waiting. */
export function onSignInAnswer(state: string, onAnswer: (answer: URLSearchParams) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.kind !== 'answer') return;
    const answer = new URLSearchParams(data.query);
    // Others may be for a page in another tab.
    if (answer.get('state') !== state) return;
    send(channel, { kind: 'taken', state });
    onAnswer(answer);
  });
  return () => channel.close();
}

/** Hands the answer to the page that waits for it. @returns whether there is one. */
export async function handOver(answer: URLSearchParams): Promise<boolean> {
  const channel = new BroadcastChannel(CHANNEL);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'taken' && data.state === answer.get('state')) resolve(true);
  });
  send(channel, { kind: 'answer', query: answer.toString() });
  const timer = setTimeout(() => resolve(false), TAKEN_TIMEOUT);
  const isTaken = await promise;
  clearTimeout(timer);
  channel.close();
  return isTaken;
}

/** A sign-in for which the page is left, where the browser opens no window. */
export type PendingSignIn = PreparedSignIn & { returnTo: string };

export function leaveForSignIn(prepared: PreparedSignIn): void {
  const { pathname, search } = window.location;
  const pending: PendingSignIn = { ...prepared, returnTo: pathname + search };
  sessionStorage.setItem(PENDING_ITEM, JSON.stringify(pending));
  window.location.assign(prepared.url);
}

/** The sign-in for which this tab was left and which is answered, once. */
export function takePendingSignIn(answer: URLSearchParams): PendingSignIn | null {
  const item = sessionStorage.getItem(PENDING_ITEM);
  // Written by `leaveForSignIn` alone.
  const pending = item === null ? null : (JSON.parse(item) as PendingSignIn);
  if (pending === null || pending.state !== answer.get('state')) return null;
  sessionStorage.removeItem(PENDING_ITEM);
  return pending;
}

function send(channel: BroadcastChannel, message: Message): void {
  channel.postMessage(message);
}
