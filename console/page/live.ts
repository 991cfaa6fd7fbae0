import { signal } from '@preact/signals';
import type { ToldEvent } from '../api/told-event.ts';
import { authorization } from './access.ts';

/** Whether events arrive as they happen. */
export const isLive = signal(false);

type Listener = (events: readonly ToldEvent[]) => void;
const listeners = new Set<Listener>();
const againMs = 2_000;

/** Hears of every event from now on. Answers how to stop. */
export function onEvents(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Listens as long as the page is open, again after every interruption. By fetch: an EventSource sends no token. */
export async function listenForever(): Promise<never> {
  while (true) {
    await listenOnce().catch(() => undefined);
    isLive.value = false;
    await new Promise((resolve) => setTimeout(resolve, againMs));
  }
}

async function listenOnce(): Promise<void> {
  const response = await fetch('/api/stream', { headers: authorization() });
  if (!response.ok || response.body === null) return;
  isLive.value = true;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const messages = (rest + part.value).split('\n\n');
    rest = messages.pop() ?? '';
    for (const message of messages) tell(message);
  }
}

function tell(message: string): void {
  if (!message.startsWith('data: ')) return;
  const events = JSON.parse(message.slice('data: '.length)) as readonly ToldEvent[];
  for (const listener of listeners) listener(events);
}
