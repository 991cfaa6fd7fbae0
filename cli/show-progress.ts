import type { Output } from './output.ts';

/** Says how far a long work has come, now and then. */
export type Progress = { tell(events: number): void };

/** Every so often, on a terminal and elsewhere, where each line is kept for good. */
const pauseMs = { terminal: 2_000, elsewhere: 60_000 } as const;

export function createProgress(
  output: Output,
  nowMs: () => number,
  isTerminal = process.stderr.isTTY === true,
): Progress {
  const everyMs = isTerminal ? pauseMs.terminal : pauseMs.elsewhere;
  let nextMs = nowMs() + everyMs;
  return {
    tell(events) {
      if (nowMs() < nextMs) return;
      nextMs = nowMs() + everyMs;
      output.note(`${events} events so far`);
    },
  };
}
