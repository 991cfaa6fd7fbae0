/** Keeps work to so many events a second. */
export type Pace = {
  /** Waits until so many more may be taken. */
  take(count: number): Promise<void>;
};

export type PaceOptions = {
  readonly perSecond: number;
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
};

/** What was not used is not saved up: after a pause nothing is sent in a burst. */
export function createPace({ perSecond, nowMs, sleep }: PaceOptions): Pace {
  let freeAtMs = nowMs();
  return {
    async take(count) {
      const waitMs = freeAtMs - nowMs();
      freeAtMs = Math.max(freeAtMs, nowMs()) + (count * 1000) / perSecond;
      if (waitMs > 0) await sleep(waitMs);
    },
  };
}
