import { createWorker, currentWorker, type Worker } from './worker.ts';

/** A call that has left a worker and has not arrived anywhere yet. */
export type PendingCall = {
  readonly worker: Worker;
  /** What it is about, for the trace. */
  readonly label: () => string;
  /** What it is for: `dynamodb`, `eventbridge`, `ssm`, `sqs` or `vendor`. */
  readonly service: string;
  readonly operation: string;
  /** The sort key of the item that is read or written; empty where there are several. */
  readonly sortKey: string;
  /** Carries it out and lets its worker go on with the answer. */
  answer(): void;
  /** Carries it out and tells nobody. */
  carryOut(): void;
  fail(error: Error): void;
};

export type CallPlace = Pick<PendingCall, 'label' | 'service' | 'operation' | 'sortKey'>;

type Timer = { readonly worker: Worker; readonly atMs: number; readonly number: number; readonly fire: () => void };

/** Owns the time and the order in which everything goes on. */
export type Scheduler = {
  nowMs(): number;
  /** What the clock of whoever is running says. */
  clockMs(): number;
  advance(ms: number): void;
  /** Hands a call over; it goes on when the scheduler is told so. */
  call<Answer>(place: CallPlace, effect: () => Answer): Promise<Answer>;
  /** A timer of whoever is running; answers how to take it back. */
  startTimer(ms: number, fire: () => void): () => void;
  sleep(ms: number): Promise<void>;
  /** Calls whose worker can go on. */
  ready(): readonly PendingCall[];
  /** Lets a call that its worker has given up arrive later, whatever has become of him. */
  delay(call: PendingCall, ms: number): void;
  /** Nothing arrives any more that is still on its way without a worker. */
  dropDelayed(): void;
  /** Removes a call before it is answered, carried out or failed. */
  take(call: PendingCall): void;
  /** Lets every timer fire whose time has come, and answers whether there was one. */
  fireTimers(): boolean;
  /** When something goes on by itself; undefined where nothing does. */
  nextMs(): number | undefined;
  kill(worker: Worker): void;
};

const nobody = createWorker('nobody');
/** The worker of calls that arrive late. */
export const network = 'network';

export function createScheduler(startMs: number): Scheduler {
  let nowMs = startMs;
  let calls: PendingCall[] = [];
  let timers: Timer[] = [];
  let number = 0;
  const isFrozen = ({ frozenUntilMs }: Worker) => frozenUntilMs > nowMs;
  const scheduler: Scheduler = {
    nowMs: () => nowMs,
    clockMs: () => nowMs + (currentWorker.getStore()?.skewMs ?? 0),
    advance(ms) {
      nowMs += ms;
    },
    call: (place, effect) =>
      new Promise((resolve, reject) => {
        const worker = currentWorker.getStore() ?? nobody;
        if (worker.isDead) return;
        const attempt = (settle: (answer: ReturnType<typeof effect>) => void) => {
          try {
            settle(currentWorker.run(worker, effect));
          } catch (error) {
            reject(error as Error);
          }
        };
        calls.push({
          ...place,
          worker,
          answer: () => attempt(resolve),
          carryOut: () => attempt(() => undefined),
          fail: reject,
        });
      }),
    startTimer(ms, fire) {
      const worker = currentWorker.getStore() ?? nobody;
      number += 1;
      const timer = { worker, atMs: nowMs + Math.max(0, Math.min(ms, 2 ** 40)), number, fire };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    sleep: (ms) => new Promise((resolve) => scheduler.startTimer(ms, resolve)),
    ready: () => calls.filter(({ worker }) => !isFrozen(worker)),
    delay(call, ms) {
      const worker = { ...createWorker(network), frozenUntilMs: nowMs + ms };
      const label = () => `${call.label()}, given up by ${call.worker.name},`;
      calls.push({ ...call, worker, label, answer: call.carryOut, fail: () => undefined });
    },
    dropDelayed() {
      calls = calls.filter(({ worker }) => worker.name !== network);
    },
    take(call) {
      calls = calls.filter((other) => other !== call);
    },
    fireTimers() {
      const due = timers.filter(({ worker, atMs }) => atMs <= nowMs && !isFrozen(worker));
      timers = timers.filter((timer) => !due.includes(timer));
      for (const { worker, fire } of due.toSorted((a, b) => a.atMs - b.atMs || a.number - b.number))
        currentWorker.run(worker, fire);
      return due.length > 0;
    },
    nextMs() {
      const times = [
        ...timers.map(({ worker, atMs }) => Math.max(atMs, worker.frozenUntilMs)),
        ...calls.map(({ worker }) => worker.frozenUntilMs),
      ];
      return times.length === 0 ? undefined : Math.max(nowMs, Math.min(...times));
    },
    kill(worker) {
      worker.isDead = true;
      calls = calls.filter((call) => call.worker !== worker);
      timers = timers.filter((timer) => timer.worker !== worker);
    },
  };
  return scheduler;
}

/** Lets everybody who can go on without the scheduler do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
