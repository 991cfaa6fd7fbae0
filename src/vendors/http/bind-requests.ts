import type { HttpClient } from './http-client.ts';
import type { RequestBudget } from './request-budget.ts';

export type RequestTerms = { readonly budgets: readonly RequestBudget[]; readonly deadlineMs: number };

/** A client whose every request counts against these budgets and ends before this deadline, whatever it says itself. */
export function bindRequests(http: HttpClient, { budgets, deadlineMs }: RequestTerms): HttpClient {
  return {
    requestJson: (request) =>
      http.requestJson({
        ...request,
        budgets: [...budgets, ...(request.budgets ?? []).filter((own) => budgets.every(({ key }) => key !== own.key))],
        deadlineMs: Math.min(deadlineMs, request.deadlineMs ?? deadlineMs),
      }),
  };
}
