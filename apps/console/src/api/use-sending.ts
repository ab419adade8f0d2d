import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { Pace } from './pace.ts';
import { abandonUpload, sendDirect } from './send-direct.ts';
import { type Progress, type Sending, sendForm } from './send-file.ts';
import { unfinishedUploadOf } from './unfinished-files.ts';
import type { Waiting } from './until-answered.ts';

/** Through the API's form; or straight to S3 in parts, where an upload is gone on with if its id is given. */
export type Way = 'form' | 'parts' | { uploadId: string };

export type SendingState = {
  start: () => void;
  /** Stops, and leaves nothing of it. Undefined once the server may have all of it. */
  cancel: (() => void) | undefined;
  isPending: boolean;
  error: Error | null;
  progress: (Progress & { secondsLeft: number | null }) | null;
  waiting: Waiting | null;
};

/**
 * Sends a file and goes to its upload. Every attempt at the same content has the same idempotency key: sent again after a lost
 * answer, it is one upload.
 *
 * @param content what makes it another upload when it is another: by identity.
 */
export function useSending(content: unknown, sending: () => Sending & { way: Way }): SendingState {
  const navigate = useNavigate();
  // No memo: React may forget one, and a new key would be a second upload.
  const key = useRef({ content, value: crypto.randomUUID() });
  if (key.current.content !== content) key.current = { content, value: crypto.randomUUID() };
  const end = useRef<AbortController | null>(null);
  const [progress, setProgress] = useState<SendingState['progress']>(null);
  const [waiting, setWaiting] = useState<Waiting | null>(null);
  const mutation = useMutation({
    mutationFn: () => {
      end.current = new AbortController();
      const { signal } = end.current;
      const pace = new Pace();
      const onProgress = (now: Progress) =>
        setProgress({ ...now, secondsLeft: pace.secondsLeft(now.sentBytes, now.totalBytes) });
      const options = { signal, onWaiting: setWaiting, onProgress };
      const { way, ...what } = sending();
      const idempotencyKey = key.current.value;
      if (way === 'form') return sendForm(what, idempotencyKey, options);
      return sendDirect(what, way === 'parts' ? { idempotencyKey } : way, options);
    },
    onSuccess: ({ id }) => navigate(`/uploads/${id}`),
  });
  // Who leaves the page stops it; what is in S3 can be gone on with.
  useEffect(() => () => end.current?.abort(), []);
  useWarningBeforeUnload(mutation.isPending);

  const cancel = () => {
    end.current?.abort();
    const { file, way } = sending();
    const unfinished = way === 'form' ? undefined : unfinishedUploadOf(file);
    if (unfinished !== undefined) void abandonUpload(unfinished.uploadId);
    key.current = { content, value: crypto.randomUUID() };
    setProgress(null);
    setWaiting(null);
    mutation.reset();
  };
  const isAllSent = progress !== null && progress.sentBytes >= progress.totalBytes;
  return {
    start: () => mutation.mutate(),
    cancel: isAllSent ? undefined : cancel,
    isPending: mutation.isPending,
    error: mutation.error,
    progress,
    waiting,
  };
}

function useWarningBeforeUnload(isSending: boolean): void {
  useEffect(() => {
    if (!isSending) return;
    const warn = (event: Event) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [isSending]);
}
