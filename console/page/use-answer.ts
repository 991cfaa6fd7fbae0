import { signal } from '@preact/signals';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { ask, type Fault, isFault } from './ask.ts';

export type Answered<T> = {
  /** The last good answer to this path. */
  readonly answer: T | undefined;
  /** Why the last question had none. */
  readonly fault: Fault | undefined;
  readonly reload: () => void;
};

/** How often what is shown is asked for again, as the server wishes; nobody is asked while nobody looks. */
export const refreshSeconds = signal(3);

/** The answer to a path, kept up to date while it is shown; `once` what never changes or is dear to find is asked for one time. */
export function useAnswer<T extends object>(path: string, { once = false } = {}): Answered<T> {
  const [known, setKnown] = useState<{ path: string; answer?: T; fault?: Fault }>({ path });
  const [turn, setTurn] = useState(0);
  // Where there is no answer yet it is asked for again in any case.
  const isDone = once && known.path === path && known.answer !== undefined && known.fault === undefined;
  const everyMs = refreshSeconds.value * 1_000;
  useEffect(() => {
    const asking = new AbortController();
    const load = async () => {
      const answer = await ask<T>(path, asking.signal).catch(() => undefined);
      if (answer === undefined || asking.signal.aborted) return;
      setKnown((before) => (isFault(answer) ? { ...sameOf(before, path), fault: answer } : { path, answer }));
    };
    if (!isDone) void load();
    const repeating = setInterval(() => document.hidden || isDone || void load(), everyMs);
    return () => {
      asking.abort();
      clearInterval(repeating);
    };
  }, [path, turn, isDone, everyMs]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  // What was known of another path is not what is asked for here.
  const { answer, fault } = sameOf(known, path);
  return { answer, fault, reload };
}

function sameOf<K extends { readonly path: string }>(
  known: K,
  path: string,
): K | { path: string; answer?: never; fault?: never } {
  return known.path === path ? known : { path };
}
