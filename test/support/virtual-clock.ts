/** A clock that stands still until `run` moves it from timer to timer. */
export type VirtualClock = {
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Moves the clock on until no timer is left. */
  run(): Promise<void>;
};

/** @param lateMs by how much the next timer fires too late */
export function createVirtualClock(lateMs: () => number = () => 0): VirtualClock {
  let nowMs = 0;
  let timers: { readonly atMs: number; readonly fire: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    sleep: (ms) => new Promise((fire) => timers.push({ atMs: nowMs + Math.max(0, ms) + lateMs(), fire })),
    async run() {
      for (;;) {
        await new Promise(setImmediate);
        const [next, ...others] = timers.toSorted((a, b) => a.atMs - b.atMs);
        if (next === undefined) return;
        timers = others;
        nowMs = Math.max(nowMs, next.atMs);
        next.fire();
      }
    },
  };
}
