import { Overlay, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useIsMutating } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { useTexts } from '../texts/texts.tsx';
import { chooseFile } from './chosen-file.ts';

/** Takes a file that is dropped anywhere on any page, or cells that are pasted outside of a field, to the page of sending. */
export function FileDrop() {
  const { drop: texts, send, close } = useTexts();
  const navigate = useNavigate();
  const [isOver, setOver] = useState(false);
  const isSending = useIsMutating() > 0;

  const take = useEffectEvent((data: DataTransfer | null, fallback?: File) => {
    const refusal = isSending ? texts.sending : refusalOf(data, texts);
    if (refusal !== undefined) {
      notifications.show({ message: refusal, color: 'orange', closeButtonProps: { 'aria-label': close } });
      return;
    }
    const file = data?.files[0] ?? fallback;
    if (file === undefined) return;
    chooseFile(file);
    void navigate('/');
  });
  const pastedName = useEffectEvent(() => send.pastedName);

  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(false);
      take(event.dataTransfer);
    };
    const paste = (event: ClipboardEvent) => {
      const target = event.target as Element | null;
      if (target?.closest('input, textarea, select, [contenteditable]')) return;
      const text = event.clipboardData?.getData('text/plain') ?? '';
      const isTable = /[\t\n]/.test(text.trim());
      if (!isTable && (event.clipboardData?.files.length ?? 0) === 0) return;
      take(event.clipboardData, isTable ? new File([text], pastedName(), { type: 'text/csv' }) : undefined);
    };
    const listeners = { dragover: over, dragleave: leave, drop, paste };
    for (const [name, listener] of Object.entries(listeners)) window.addEventListener(name, listener as EventListener);
    return () => {
      for (const [name, listener] of Object.entries(listeners))
        window.removeEventListener(name, listener as EventListener);
    };
  }, []);

  if (!isOver) return null;
  return (
    <Overlay fixed className="drop-anywhere" backgroundOpacity={0.75} blur={2} center zIndex={1000}>
      <Text size="xl" fw={650} c="white">
        {texts.here}
      </Text>
    </Overlay>
  );
}

type Refusals = { folder: string; several: string };

function refusalOf(data: DataTransfer | null, texts: Refusals): string | undefined {
  if ((data?.files.length ?? 0) > 1) return texts.several;
  const isFolder = [...(data?.items ?? [])].some((item) => item.webkitGetAsEntry?.()?.isDirectory);
  return isFolder ? texts.folder : undefined;
}
