import type { ConsumerTable } from '../../src/consumer/consumer-table.ts';
import { createUserEventHandler } from '../../src/consumer/create-user-event-handler.ts';
import { createMemoryConsumerTable, type MemoryConsumerTable } from '../../src/consumer/memory-consumer-table.ts';
import type { UserEvent } from '../../src/events/feed-event.ts';
import { batchOf, bodyOf } from '../support/event-envelope.ts';

/** A worker has died: nothing of it goes on. */
class Died extends Error {}

export type Schedule = {
  readonly events: readonly UserEvent[];
  /** The order of deliveries: indexes of events, some of them more than once. */
  readonly deliveries: readonly number[];
  readonly workers: number;
  /** Whether the worker dies here: at the n-th of all steps that any worker takes. */
  readonly diesAt: ReadonlySet<number>;
  /** Which of the waiting workers goes on next. */
  readonly choose: (waiting: number) => number;
};

export type Played = {
  /** Effects in the order in which they came about. */
  readonly effects: readonly UserEvent[];
  readonly table: MemoryConsumerTable;
  readonly deaths: number;
};

const leaseMs = 1000;
const maxRounds = 400;

/**
 * Plays deliveries to several workers at a time, who take turns at every call of the table and of `apply`. A round ends when
 * each worker is done or dead; before the next one all leases have ended. What was not taken is delivered again.
 */
export async function playSchedule(mode: 'elsewhere' | 'in table', schedule: Schedule): Promise<Played> {
  const memory = createMemoryConsumerTable();
  const effects: UserEvent[] = [];
  const turns = createTurns(schedule);
  const clock = { nowMs: 0 };
  const table = withTurns(memory, turns.next);
  const handler = createUserEventHandler({
    ...(mode === 'in table'
      ? { table, applyInSameWrite: (event) => ({ shown: shownOf(event) }) }
      : {
          table,
          leaseMs,
          async apply(event) {
            await turns.next();
            effects.push(event as UserEvent);
            await turns.next();
          },
        }),
    onFailure: () => undefined,
    times: { nowMs: () => clock.nowMs, abortAfter: () => new AbortController().signal },
  });
  const queue = [...schedule.deliveries];
  for (let round = 0; queue.length > 0; round += 1) {
    if (round === maxRounds) throw new Error(`${queue.length} deliveries are left after ${round} rounds`);
    const taken = queue.splice(0, schedule.workers);
    const bodies = taken.map((at) => bodyOf(schedule.events[at] as UserEvent));
    const answers = await turns.among(bodies.map((body) => () => handler(batchOf([body]))));
    queue.push(...taken.filter((_, at) => (answers[at]?.batchItemFailures.length ?? 1) > 0));
    clock.nowMs += leaseMs + 1;
  }
  return { effects, table: memory, deaths: turns.deaths() };
}

export function shownOf({ type, metadata }: Shown): string {
  return `${type} ${metadata.epoch}.${metadata.revision}`;
}

type Shown = { readonly type: string; readonly metadata: { readonly epoch: number; readonly revision: number } };

/** Lets one of several workers take one step at a time. */
function createTurns({ diesAt, choose }: Pick<Schedule, 'diesAt' | 'choose'>) {
  let steps = 0;
  let deaths = 0;
  const waiting: (() => void)[] = [];
  const next = async () => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    steps += 1;
    if (!diesAt.has(steps)) return;
    deaths += 1;
    throw new Died();
  };
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    next,
    deaths: () => deaths,
    async among<T>(works: readonly (() => Promise<T>)[]): Promise<readonly (T | undefined)[]> {
      const answers: (T | undefined)[] = works.map(() => undefined);
      let running = works.length;
      for (const [at, work] of works.entries())
        void work()
          .then((answer) => {
            answers[at] = answer;
          })
          .finally(() => {
            running -= 1;
          });
      await settle();
      while (running > 0) {
        waiting.splice(choose(waiting.length), 1)[0]?.();
        await settle();
      }
      return answers;
    },
  };
}

/** Every call of a table as two steps: a worker can die, or others go on, before it and after it. */
function withTurns(table: ConsumerTable, next: () => Promise<void>): ConsumerTable {
  const around =
    <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) =>
    async (...args: Args) => {
      await next();
      const answer = await call(...args);
      await next();
      return answer;
    };
  return {
    write: around(table.write),
    claim: around(table.claim),
    confirm: around(table.confirm),
    readSequences: around(table.readSequences),
    writeSequences: around(table.writeSequences),
  };
}
