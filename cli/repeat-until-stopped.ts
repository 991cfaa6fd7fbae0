import { setTimeout as sleep } from 'node:timers/promises';

const signals = ['SIGINT', 'SIGTERM'] as const;

/** Repeats a round, with pauses, until it answers that it was the last one, or somebody stops the program. */
export async function repeatUntilStopped(round: () => Promise<'last' | 'more'>, pauseMs: number): Promise<void> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  for (const signal of signals) process.once(signal, stop);
  try {
    while (!stopping.signal.aborted) {
      if ((await round()) === 'last') return;
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}
