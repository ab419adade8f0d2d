import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { useNavigate } from 'react-router';
import { type Sending, sendFile } from './send-file.ts';

/**
 * Sends a file and goes to its upload. Every attempt at the same content has the same idempotency key: sent again after a lost
 * answer, it is one upload.
 *
 * @param content what makes it another upload when it is another: by identity.
 */
export function useSending(content: unknown, sending: () => Sending) {
  const navigate = useNavigate();
  // No memo: React may forget one, and a new key would be a second upload.
  const key = useRef({ content, value: crypto.randomUUID() });
  if (key.current.content !== content) key.current = { content, value: crypto.randomUUID() };
  return useMutation({
    mutationFn: () => sendFile(sending(), key.current.value),
    onSuccess: ({ id }) => navigate(`/uploads/${id}`),
  });
}
