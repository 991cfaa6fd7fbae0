import type { RequestBudget, RequestBudgets } from './request-budget.ts';
import { addRequest, findRoomMs, type RequestTimes } from './request-schedule.ts';

export type BudgetClock = {
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
};

type Waiter = {
  readonly budgets: readonly RequestBudget[];
  readonly deadlineMs: number;
  readonly answer: (outcome: 'taken' | 'too_late') => void;
};

/**
 * Whoever waits has a place in a plan, made in order of arrival: later ones find room around the earlier ones, so they
 * neither overtake them at a budget that both need nor are kept from one that has room. The plan is made anew from the
 * times that requests were really let go, as a late timer must not bring two of them closer together.
 */
export function createRequestBudgets(clock: BudgetClock): RequestBudgets {
  const sent: RequestTimes = new Map();
  const keptMs = new Map<string, number>();
  let waiting: readonly Waiter[] = [];
  let wakesAtMs = Number.POSITIVE_INFINITY;

  function letGo(): void {
    const nowMs = clock.nowMs();
    const plan: RequestTimes = new Map();
    for (const key of new Set(waiting.flatMap(({ budgets }) => budgets.map((budget) => budget.key)))) {
      sent.set(key, remember(key, nowMs));
      plan.set(key, sent.get(key) ?? []);
    }
    let nextMs = Number.POSITIVE_INFINITY;
    waiting = waiting.filter((waiter) => {
      const roomMs = findRoomMs(plan, waiter.budgets, nowMs);
      if (roomMs > waiter.deadlineMs) {
        waiter.answer('too_late');
        return false;
      }
      addRequest(plan, waiter.budgets, roomMs);
      if (roomMs > nowMs) {
        nextMs = Math.min(nextMs, roomMs);
        return true;
      }
      addRequest(sent, waiter.budgets, nowMs);
      waiter.answer('taken');
      return false;
    });
    wakeAt(nextMs);
  }

  function remember(key: string, nowMs: number): readonly number[] {
    const oldestMs = nowMs - (keptMs.get(key) ?? 0);
    // After a clock was set back, times that it has not reached yet would keep everybody waiting for them.
    return (sent.get(key) ?? []).filter((atMs) => atMs > oldestMs).map((atMs) => Math.min(atMs, nowMs));
  }

  function wakeAt(atMs: number): void {
    if (atMs >= wakesAtMs) return;
    wakesAtMs = atMs;
    void clock.sleep(Math.max(0, atMs - clock.nowMs())).then(() => {
      if (wakesAtMs === atMs) wakesAtMs = Number.POSITIVE_INFINITY;
      letGo();
    });
  }

  return {
    async take(budgets, deadlineMs = Number.POSITIVE_INFINITY) {
      if (budgets.length === 0) return 'taken';
      for (const { key, perMs } of budgets) keptMs.set(key, Math.max(perMs, keptMs.get(key) ?? 0));
      return new Promise((answer) => {
        waiting = [...waiting, { budgets, deadlineMs, answer }];
        letGo();
      });
    },
  };
}
