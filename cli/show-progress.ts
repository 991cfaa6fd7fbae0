import type { Output } from './output.ts';

/** Says how far a long work has come, now and then. */
export type Progress = {
  /** `120 users read` */
  tell(text: string): void;
  /** Takes away what still stands on the terminal. */
  end(): void;
};

/** On a terminal one line changes in place; elsewhere each line is kept for good. */
const pauseMs = { terminal: 100, elsewhere: 60_000 } as const;

export function createProgress(output: Output, nowMs: () => number): Progress {
  const { live } = output;
  const everyMs = live === undefined ? pauseMs.elsewhere : pauseMs.terminal;
  let nextMs = nowMs() + everyMs;
  return {
    tell(text) {
      if (nowMs() < nextMs) return;
      nextMs = nowMs() + everyMs;
      if (live === undefined) output.note(`${text} so far`);
      else live(text);
    },
    end: () => live?.(undefined),
  };
}
