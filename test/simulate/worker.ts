import { AsyncLocalStorage } from 'node:async_hooks';

/** A process of the feed: one invocation at a time, and a clock of its own. */
export type Worker = {
  readonly name: string;
  /** By how much its clock is ahead. */
  skewMs: number;
  isDead: boolean;
  /** Nothing of it goes on before this time. */
  frozenUntilMs: number;
};

/** Whose code is running: known across awaits. */
export const currentWorker = new AsyncLocalStorage<Worker>();

export function createWorker(name: string): Worker {
  return { name, skewMs: 0, isDead: false, frozenUntilMs: 0 };
}
