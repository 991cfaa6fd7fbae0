import { epochMs, type Instant, instant } from '../model/instant.ts';
import type { ConnectionState, DeltaState } from './connection-state.ts';
import { nextDueMs } from './next-due.ts';
import type { UserList } from './ports.ts';
import type { SweepReport } from './sweep-report.ts';

export type SweepEnd = {
  readonly report: Pick<SweepReport, 'mode' | 'startedAt' | 'deniedBy' | 'failure' | 'isFilterIgnored'>;
  /** Full sweeps in a row that ended without completing. */
  readonly failures: number;
  readonly endedAtMs: number;
};

/** A vendor that ignores the filter of deltas is asked again after so long. */
const ignoredForMs = 86_400_000;

/** When full and delta sweeps are due again, and from when on a delta asks. */
export function dueAfter(
  list: UserList,
  state: Pick<ConnectionState, 'delta' | 'fullDueAt' | 'dueAt'>,
  end: SweepEnd,
): Pick<ConnectionState, 'dueAt' | 'fullDueAt' | 'delta'> {
  const { report, failures, endedAtMs } = end;
  const failureCode = report.failure?.code;
  const { everySeconds } = list;
  const fullDueAt =
    report.mode === 'full'
      ? instant(
          nextDueMs({
            dueMs: epochMs(state.fullDueAt ?? state.dueAt),
            nowMs: endedAtMs,
            everySeconds,
            failures,
            failureCode,
          }),
        )
      : (state.fullDueAt ?? state.dueAt);
  const delta = deltaAfter(list, state.delta, end);
  const deltaDueAt = delta?.dueAt;
  return {
    fullDueAt,
    dueAt: deltaDueAt !== undefined && deltaDueAt < fullDueAt ? deltaDueAt : fullDueAt,
    ...(delta !== undefined && { delta }),
  };
}

function deltaAfter(list: UserList, before: DeltaState | undefined, end: SweepEnd): DeltaState | undefined {
  const { report, endedAtMs } = end;
  const since = report.deniedBy.length === 0 ? report.startedAt : before?.since;
  const every = list.deltaEverySeconds;
  if (every === undefined) return since === undefined ? undefined : { since };
  const isUnusable = report.isFilterIgnored === true || report.failure?.code === 'sweep.delta_unsupported';
  const ignoredAt = isUnusable ? instant(endedAtMs) : stillIgnored(before?.ignoredAt, endedAtMs);
  const dueMs = nextDueMs({
    dueMs: before?.dueAt === undefined ? endedAtMs : epochMs(before.dueAt),
    nowMs: endedAtMs,
    everySeconds: every,
    failures: report.mode === 'delta' && report.deniedBy.length > 0 ? 1 : end.failures,
    failureCode: report.failure?.code,
  });
  const dueAt = ignoredAt === undefined ? instant(dueMs) : instant(epochMs(ignoredAt) + ignoredForMs);
  return { dueAt, ...(since !== undefined && { since }), ...(ignoredAt !== undefined && { ignoredAt }) };
}

function stillIgnored(ignoredAt: Instant | undefined, nowMs: number): Instant | undefined {
  return ignoredAt !== undefined && epochMs(ignoredAt) + ignoredForMs > nowMs ? ignoredAt : undefined;
}
