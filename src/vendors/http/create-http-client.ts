import type { Dispatcher } from 'undici';
import { instant } from '../../model/instant.ts';
import { isPrivateAddress } from './address.ts';
import { createRequestBudgets } from './create-request-budgets.ts';
import type { HttpClient, HttpJson, HttpRequest, HttpTry } from './http-client.ts';
import { defaultHttpLimits, type HttpLimits } from './http-limits.ts';
import { judgeOutcome } from './judge-outcome.ts';
import { secretsOfHeader } from './redact.ts';
import type { RequestBudgets } from './request-budget.ts';
import { headersOf, type TryOutcome } from './request-once.ts';
import { planRetry } from './retry-policy.ts';
import { tryInTime } from './try-in-time.ts';
import { type FaultPlace, type VendorFault, vendorFault } from './vendor-fault.ts';

export type HttpClientDependencies = {
  /** One for the whole program: it pools the connections. */
  readonly dispatcher: Dispatcher;
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly limits?: Partial<HttpLimits>;
  /** Called after every try. */
  readonly onTry?: (one: HttpTry) => void;
  /** Whether plain http is refused on loopback, too: nobody listens there but an intruder. */
  readonly refusesLoopback?: boolean;
};

/** The one client that talks to vendors: requests share their budgets only through the same client. */
export function createHttpClient(dependencies: HttpClientDependencies): HttpClient {
  const limits = { ...defaultHttpLimits, ...dependencies.limits };
  const io = { ...dependencies, limits, budgets: createRequestBudgets(dependencies) };
  return { requestJson: (request) => requestWithRetries(request, io) };
}

type ClientIo = Omit<HttpClientDependencies, 'limits'> & {
  readonly limits: HttpLimits;
  readonly budgets: RequestBudgets;
};

async function requestWithRetries(request: HttpRequest, io: ClientIo): Promise<HttpJson> {
  const headers = headersOf(request);
  const place: FaultPlace = { ...request, secrets: [...request.secrets, ...secretsOfHeader(headers.authorization)] };
  const obstacle = findObstacle(request.url, headers, io.refusesLoopback);
  if (obstacle !== undefined) throw vendorFault(place, { code: 'vendor.rejected_request', message: obstacle });
  let startedAtMs = io.nowMs();
  for (let tries = 1; ; tries += 1) {
    const askedAtMs = io.nowMs();
    const { sentAtMs, ...outcome } = await tryInTime(request, place, io);
    // Waiting for room in a budget is no trouble with the vendor, and is bounded by the deadline alone.
    startedAtMs += sentAtMs - askedAtMs;
    const nowMs = io.nowMs();
    io.onTry?.(describeTry(request, outcome, nowMs - sentAtMs));
    const judgement = judgeOutcome(outcome, request, io.limits, nowMs);
    if ('json' in judgement) {
      const { json, ...answer } = judgement;
      return { ...answer, body: json, receivedAt: instant(nowMs), retries: tries - 1 };
    }
    const { fault, isWorthRetry } = judgement;
    const question = { tries, elapsedMs: nowMs - startedAtMs, retryAfterMs: fault.retryAfterMs };
    const limits = boundByDeadline(io.limits, request, startedAtMs);
    const waitMs = isWorthRetry ? planRetry(question, limits, io.random) : 'give_up';
    if (waitMs === 'give_up') throw vendorFault(place, isWorthRetry ? lastFault(fault, tries, io.limits) : fault);
    await io.sleep(waitMs);
  }
}

function describeTry({ vendor, connectionId }: HttpRequest, outcome: TryOutcome, elapsedMs: number): HttpTry {
  const status = outcome.kind === 'answered' && { status: outcome.status };
  return { vendor, connectionId, elapsedMs, ...status };
}

function boundByDeadline(limits: HttpLimits, { deadlineMs }: HttpRequest, startedAtMs: number): HttpLimits {
  if (deadlineMs === undefined) return limits;
  return { ...limits, maxElapsedMs: Math.min(limits.maxElapsedMs, deadlineMs - startedAtMs) };
}

/** Why a request cannot be sent at all, and what to do about it. */
function findObstacle(
  url: URL,
  headers: { readonly [name: string]: string },
  refusesLoopback = false,
): string | undefined {
  if (refusesLoopback && url.protocol === 'http:')
    return 'was not sent: plain http is refused here, use https (ALLOW_LOOPBACK_VENDORS allows it to loopback, for tests)';
  if (!isPrivateAddress(url)) {
    return 'was not sent: plain http would send the credentials in the clear, use https (http is for loopback only)';
  }
  const broken = Object.entries(headers).find(([, value]) => /[^\t\x20-\x7e\x80-\xff]/.test(value));
  if (broken === undefined) return undefined;
  const what = `the ${broken[0]} header would hold a character that no header can carry`;
  return `was not sent: ${what}, such as a line break at the end of a credential`;
}

/** A passing fault that did not pass. A wait too long to sleep is a rate limit, whatever its status. */
function lastFault(fault: VendorFault, tries: number, limits: HttpLimits): VendorFault {
  const { retryAfterMs } = fault;
  const told = `${fault.message} (${tries === 1 ? 'tried once' : `tried ${tries} times`})`;
  if (retryAfterMs === undefined || retryAfterMs <= limits.maxRetryAfterMs) return { ...fault, message: told };
  const message = `${told} and asks to wait ${Math.ceil(retryAfterMs / 1000)} s`;
  return { ...fault, code: 'vendor.rate_limited', message };
}
