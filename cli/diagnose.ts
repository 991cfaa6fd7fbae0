import type { Connection } from '../src/model/connection.ts';
import { epochMs } from '../src/model/instant.ts';
import type { ConnectionState } from '../src/sweep/connection-state.ts';
import { maintenanceEndMs } from '../src/sweep/maintenance-window.ts';
import type { SweepReport } from '../src/sweep/sweep-report.ts';
import { volatileFields } from '../src/sweep/volatility.ts';
import type { FoundHold } from './find-hold.ts';
import { showCount } from './show-count.ts';
import { showDuration } from './show-duration.ts';
import { showTime } from './show-time.ts';

/** Something that is wrong with a connection, and what to do about it. */
export type Finding = {
  readonly kind: (typeof findingKinds)[number];
  readonly message: string;
  readonly remedy: string;
};

export const findingKinds = [
  'open_hold',
  'stale',
  'failing',
  'volatile_field',
  'delta_ignored',
  'status_vanished',
  'unpublished',
  'old_checkpoint',
] as const;

export type Symptoms = {
  readonly connection: Pick<Connection, 'id' | 'everySeconds' | 'paused' | 'maintenance'>;
  readonly state: ConnectionState;
  readonly holds: readonly Pick<FoundHold, 'hold' | 'waiting'>[];
  readonly published: number;
  /** Of its last full sweep. */
  readonly lastReport?: Pick<SweepReport, 'failure' | 'deniedBy' | 'sweepId'>;
  readonly nowMs: number;
};

/** A complete sweep is missed after so many intervals. */
const staleAfterIntervals = 3;
const oldCheckpointMs = 86_400_000;

/** Everything that an operator should look at. */
export function diagnose(symptoms: Symptoms): readonly Finding[] {
  return [
    ...findHolds(symptoms),
    ...findStaleness(symptoms),
    ...findFailures(symptoms),
    ...findFields(symptoms),
    ...findUnpublished(symptoms),
    ...findOldCheckpoint(symptoms),
  ];
}

function findHolds({ holds }: Symptoms): readonly Finding[] {
  return holds.map(({ hold, waiting }) => {
    const { holdId, memberCount, kind, reason } = hold;
    const decision = hold.decision ?? waiting;
    const message = `${showCount(memberCount)} changes (${kind}) are held: ${reason}`;
    const remedy =
      decision === undefined
        ? `approve or reject it: ucf holds show ${holdId}`
        : `${decision.verdict} by ${decision.by}: the next complete full sweep uses that`;
    return { kind: 'open_hold', message, remedy };
  });
}

function findStaleness({ connection, state, nowMs }: Symptoms): readonly Finding[] {
  const { id, everySeconds, paused, maintenance } = connection;
  // Nobody expects a sweep.
  if (paused === true || maintenanceEndMs(maintenance, nowMs) !== undefined) return [];
  const remedy = `is ucf dev or the stack running? ucf sweeps show ${id} says what the last sweep lacked`;
  const { lastComplete } = state;
  if (lastComplete === undefined) return [{ kind: 'stale', message: 'no sweep has been complete yet', remedy }];
  const limitMs = staleAfterIntervals * everySeconds * 1_000;
  if (nowMs - epochMs(lastComplete.startedAt) <= limitMs) return [];
  const message = `the last complete sweep began at ${showTime(lastComplete.startedAt)} UTC, although one is due every ${showDuration(everySeconds)}`;
  return [{ kind: 'stale', message, remedy }];
}

function findFailures({ connection, state: { failures, attempts }, lastReport }: Symptoms): readonly Finding[] {
  const remedy = `ucf sweeps show ${connection.id}`;
  if (failures > 0) {
    const why = lastReport === undefined ? 'the report is gone' : whyIncomplete(lastReport);
    const times = failures === 1 ? 'the last full sweep was' : `the last ${failures} full sweeps were`;
    return [{ kind: 'failing', message: `${times} not complete: ${why}`, remedy }];
  }
  if (attempts < 2) return [];
  return [
    { kind: 'failing', message: `${attempts} ticks in a row have died`, remedy: 'look at the logs of the sweep' },
  ];
}

function whyIncomplete({ failure, deniedBy }: NonNullable<Symptoms['lastReport']>): string {
  return failure === undefined ? deniedBy.join(', ') : `${failure.message} (${failure.code})`;
}

function findFields({ state }: Symptoms): readonly Finding[] {
  const ignoredAt = state.delta?.ignoredAt;
  return [
    ...volatileFields(state).map(
      (field): Finding => ({
        kind: 'volatile_field',
        message: `${field} changes for most users in most sweeps`,
        remedy: `add "${field}" to fields.ignore, unless these are changes that somebody waits for`,
      }),
    ),
    ...(ignoredAt === undefined
      ? []
      : [
          {
            kind: 'delta_ignored' as const,
            message: `the vendor ignored the filter of deltas at ${showTime(ignoredAt)} UTC; only full sweeps go on`,
            remedy: 'take deltaEvery out of the connection, or ask the vendor',
          },
        ]),
    ...(state.acknowledged ?? []).map(
      (field): Finding => ({
        kind: 'status_vanished',
        message: `the vendor no longer shows ${field}; that was acknowledged, and users keep their old values`,
        remedy: 'give the credentials the permission to read it',
      }),
    ),
  ];
}

function findUnpublished({ state: { lastEvent }, published, connection }: Symptoms): readonly Finding[] {
  if (published >= lastEvent.position) return [];
  const message = `events are not on the bus: published up to ${published} of ${lastEvent.position}`;
  return [{ kind: 'unpublished', message, remedy: `ucf sweep ${connection.id} publishes them first` }];
}

function findOldCheckpoint({ state: { checkpoint }, nowMs }: Symptoms): readonly Finding[] {
  if (checkpoint === undefined || nowMs - epochMs(checkpoint.basis.startedAt) <= oldCheckpointMs) return [];
  const { sweepId, startedAt } = checkpoint.basis;
  const message = `sweep ${sweepId} began at ${showTime(startedAt)} UTC and is not over`;
  return [{ kind: 'old_checkpoint', message, remedy: 'the next tick goes on with it: is anything running?' }];
}
