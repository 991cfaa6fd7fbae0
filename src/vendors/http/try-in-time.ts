import type { HttpRequest } from './http-client.ts';
import type { RequestBudgets } from './request-budget.ts';
import { requestOnce, type TryIo, type TryOutcome } from './request-once.ts';
import { type FaultPlace, vendorFault } from './vendor-fault.ts';

export type TimedTryIo = TryIo & { readonly budgets: RequestBudgets; readonly nowMs: () => number };

/**
 * One try as soon as the request's budgets have room.
 * @throws vendor.out_of_time where its deadline came first
 */
export async function tryInTime(
  request: HttpRequest,
  place: FaultPlace,
  { budgets, nowMs, dispatcher, limits }: TimedTryIo,
): Promise<TryOutcome & { readonly sentAtMs: number }> {
  const outOfTime = (message: string) => vendorFault(place, { code: 'vendor.out_of_time', message });
  const { deadlineMs = Number.POSITIVE_INFINITY } = request;
  if ((await budgets.take(request.budgets ?? [], deadlineMs)) === 'too_late')
    throw outOfTime('was not sent: its request budget has no room before the deadline');
  const sentAtMs = nowMs();
  const leftMs = deadlineMs - sentAtMs;
  if (leftMs <= 0) throw outOfTime('was not sent: its deadline has passed');
  const timeoutMs = Math.min(limits.timeoutMs, leftMs);
  const outcome = await requestOnce(request, { dispatcher, limits: { ...limits, timeoutMs } });
  if (outcome.kind === 'timed_out' && timeoutMs < limits.timeoutMs)
    throw outOfTime(`did not answer in full within the ${leftMs} ms before its deadline`);
  return { ...outcome, sentAtMs };
}
