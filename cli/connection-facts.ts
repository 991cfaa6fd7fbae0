import type { BrakeRule } from '../src/model/brake.ts';
import { changeTypes } from '../src/model/change.ts';
import type { Connection } from '../src/model/connection.ts';
import type { ConnectionState } from '../src/sweep/connection-state.ts';
import type { Fact } from './render-facts.ts';
import { showCount } from './show-count.ts';
import { showDuration } from './show-duration.ts';
import { showTime } from './show-time.ts';
import { shownReference } from './shown-reference.ts';

/** A connection as configured, and how it stands. */
export type StandingConnection = {
  readonly connection: Connection;
  readonly state: ConnectionState | undefined;
  /** The position up to which everything is on the bus. */
  readonly published: number;
};

/** A connection as a row of a table. */
export function connectionRow({ connection, state }: StandingConnection): Readonly<Record<string, string>> {
  return {
    connection: connection.id,
    vendor: connection.vendor,
    tenant: connection.tenantId,
    every: showDuration(connection.everySeconds),
    users: showCount(state?.counts.live ?? 0),
    'last complete': state?.lastComplete === undefined ? 'never' : showTime(state.lastComplete.startedAt),
    'next due': nextDue(connection, state),
    failures: String(state?.failures ?? 0),
    holds: String(state?.holds.length ?? 0),
  };
}

/** The dispatcher looks at paused ones, too, and only puts them off. */
function nextDue({ paused }: Connection, state: ConnectionState | undefined): string {
  if (paused === true) return 'paused';
  return state === undefined ? '' : showTime(state.dueAt);
}

/** Settings and standing of a connection, without any secret. */
export function connectionFacts({ connection, state, published }: StandingConnection): readonly Fact[] {
  return [...settingsFacts(connection), ...(state === undefined ? [] : stateFacts(state, published))];
}

/** A connection as a program reads it. Neither the key of its digests nor a name that could be a secret is in it. */
export function connectionJson({ connection, state, published }: StandingConnection) {
  const credentials = Object.entries(connection.credentials).map(([name, one]) => [name, shownReference(one)]);
  return {
    settings: { ...connection, credentials: Object.fromEntries(credentials) },
    ...(state && { state: { ...stateJson(state), published } }),
  };
}

function stateJson(state: ConnectionState) {
  const { epoch, position, sequence, lastEvent, counts, lastComplete, failures, dueAt, holds, checkpoint } = state;
  return {
    epoch,
    position,
    sequence,
    lastEvent,
    counts,
    ...(lastComplete && { lastComplete }),
    missing: state.absent.count,
    failures,
    dueAt,
    ...(state.delta && { delta: state.delta }),
    holds: holds.map(({ holdId }) => holdId),
    ...(checkpoint && { openSweep: { ...checkpoint.basis, phase: checkpoint.phase } }),
  };
}

function settingsFacts(connection: Connection): readonly Fact[] {
  const { deletion, protection, requestBudget, deltaEverySeconds, users } = connection;
  return [
    ['connection', connection.id],
    ['vendor', connection.vendor],
    ['tenant', connection.tenantId],
    ['address', connection.baseUrl],
    ['directory', connection.directoryId],
    ...Object.entries(connection.credentials).map(
      ([name, one]): Fact => [
        `credential ${name}`,
        Object.entries(shownReference(one))
          .map(([where, place]) => `${where} ${place}`)
          .join(', '),
      ],
    ),
    ['paused', connection.paused && 'yes: ucf connections resume sweeps it again'],
    ['every', showDuration(connection.everySeconds)],
    ['delta every', deltaEverySeconds === undefined ? undefined : showDuration(deltaEverySeconds)],
    ['baseline', connection.baseline],
    [
      'deletion',
      `after ${deletion.confirmSweeps} complete sweeps${deletion.probe ? `, or a probe (at most ${deletion.maxProbes} a sweep)` : ''}`,
    ],
    ['brake', changeTypes.map((kind) => `${kind} ${showBrake(connection.brake[kind])}`).join('; ')],
    ['ignored fields', listOrNone(connection.ignoredFields)],
    ['redacted fields', listOrNone(protection.redact)],
    ['hashed fields', listOrNone(protection.hash)],
    ['payload', connection.payload],
    ['users', users && JSON.stringify(users)],
    ['request budget', requestBudget && `${requestBudget.requests} in ${showDuration(requestBudget.perMs / 1_000)}`],
    ['options', JSON.stringify(connection.options)],
  ];
}

function stateFacts(state: ConnectionState, published: number): readonly Fact[] {
  const { counts, lastComplete, holds, checkpoint, lastEvent } = state;
  return [
    ['live users', showCount(counts.live)],
    ['missing', showCount(state.absent.count)],
    ['last complete', lastComplete === undefined ? 'never' : `${showTime(lastComplete.startedAt)} UTC`],
    ['next due', `${showTime(state.dueAt)} UTC`],
    ['failures', `${state.failures} sweeps in a row`],
    ['open holds', holds.length === 0 ? 'none' : holds.map(({ holdId }) => holdId).join(', ')],
    ['open sweep', checkpoint && `${checkpoint.basis.sweepId} (${checkpoint.phase}, tick ${checkpoint.tick})`],
    [
      'last event',
      lastEvent.at && `${showTime(lastEvent.at)} UTC, sequence ${showCount(state.sequence)} of epoch ${state.epoch}`,
    ],
    ['published', published >= lastEvent.position ? 'everything' : `up to ${published} of ${lastEvent.position}`],
  ];
}

function showBrake({ maxCount, maxPercent, neverAbove }: BrakeRule): string {
  const cap = neverAbove === undefined ? '' : `, never above ${showCount(neverAbove)}`;
  return `${showCount(maxCount)} or ${maxPercent} %${cap}`;
}

function listOrNone(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
