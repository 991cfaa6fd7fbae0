import { createRandom, type Random } from '../../local/simulators/random.ts';
import { nextDueMs } from '../../src/sweep/next-due.ts';
import { createEventQueue } from './event-queue.ts';
import { createFleetRecord, type FleetDay } from './fleet-record.ts';

/** A fleet of connections of one size, whose sweeps take so long. Times in milliseconds. */
export type Fleet = {
  readonly connections: number;
  readonly everyMs: number;
  /** Of each tick of a sweep, in their order; about as much more or less as `spread` says. */
  readonly tickMs: readonly number[];
  /** Between 0, which is none, and 1. */
  readonly spread: number;
  /** All due at the same moment, as after one `apply`, or each at a time of its own. */
  readonly phases: 'together' | 'apart';
  /** Sweep functions that may run at once. */
  readonly concurrency: number;
  readonly lastsMs: number;
  readonly seed: string;
};

const dispatchMs = 60_000;
/** See `jitterSeconds`: at most a fifteenth of the interval, and less than a minute. */
const jitterShare = 1 / 15;
const dispatch = -1;

/**
 * A day of dispatcher, queue and sweep functions in virtual time: every minute the dispatcher asks for whoever is due,
 * messages wait their jitter and then their turn, and a sweep that is done moves its due time by the production rule.
 * Deterministic by its seed. No sweep fails, and no place in a budget runs out.
 */
export function simulateFleet(fleet: Fleet): FleetDay {
  const random = createRandom(fleet.seed);
  const events = createEventQueue();
  const record = createFleetRecord(fleet);
  const all = Array.from({ length: fleet.connections }, () => newConnection(fleet, random));
  const waiting: Waiting[] = [];
  let next = 0;
  let running = 0;

  const startWaiting = (nowMs: number) => {
    while (running < fleet.concurrency && next < waiting.length) {
      const { number, sinceMs } = waiting[next++] as Waiting;
      const one = all[number] as Connection;
      running += 1;
      if (one.tick === 0) one.beganMs = nowMs;
      record.began(nowMs, nowMs - sinceMs);
      events.put(nowMs + serviceMs(fleet, one.tick, random), number + all.length);
    }
    // What has been taken is let go now and then, so that a day's messages are not kept.
    if (next > 10_000) {
      waiting.splice(0, next);
      next = 0;
    }
  };
  const dispatchDue = (nowMs: number) => {
    for (const [number, one] of all.entries()) {
      if (one.isAsked || one.dueMs > nowMs) continue;
      one.isAsked = true;
      events.put(nowMs + one.jitterMs, number);
    }
    events.put(nowMs + dispatchMs, dispatch);
  };
  const finish = (nowMs: number, number: number) => {
    const one = all[number] as Connection;
    running -= 1;
    one.tick += 1;
    if (one.tick < fleet.tickMs.length) {
      waiting.push({ number, sinceMs: nowMs });
      return;
    }
    record.completed(nowMs, one.shownMs);
    one.shownMs = one.beganMs;
    one.tick = 0;
    one.isAsked = false;
    const everySeconds = fleet.everyMs / 1000;
    one.dueMs = nextDueMs({ dueMs: one.dueMs, nowMs, everySeconds, failures: 0, failureCode: undefined });
  };

  events.put(0, dispatch);
  while (events.nextAt < fleet.lastsMs) {
    const nowMs = events.nextAt;
    const what = events.take();
    record.pass(nowMs, running, waiting.length - next);
    if (what === dispatch) dispatchDue(nowMs);
    else if (what >= all.length) finish(nowMs, what - all.length);
    else waiting.push({ number: what, sinceMs: nowMs });
    startWaiting(nowMs);
  }
  return record.close(running, waiting.length - next);
}

type Connection = {
  dueMs: number;
  readonly jitterMs: number;
  /** Waiting or under way. */
  isAsked: boolean;
  tick: number;
  beganMs: number;
  /** Start of the last sweep that is complete: so old is what consumers know. */
  shownMs: number | undefined;
};
type Waiting = { readonly number: number; readonly sinceMs: number };

function newConnection({ everyMs, phases }: Fleet, random: Random): Connection {
  return {
    dueMs: phases === 'together' ? 0 : random.below(everyMs),
    jitterMs: random.below(Math.max(1, Math.min(60_000, everyMs * jitterShare))),
    isAsked: false,
    tick: 0,
    beganMs: 0,
    shownMs: undefined,
  };
}

function serviceMs({ tickMs, spread }: Fleet, tick: number, random: Random): number {
  const factor = 1 + spread * (random.below(2_001) / 1_000 - 1);
  return (tickMs[tick] ?? 0) * factor;
}
