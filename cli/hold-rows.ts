import type { HoldDecision } from '../src/model/hold.ts';
import { type FoundHold, shortHoldId } from './find-hold.ts';
import type { Fact } from './render-facts.ts';
import { showCount } from './show-count.ts';
import { showTime } from './show-time.ts';

/** A hold as a row of a table. */
export function holdRow(found: FoundHold): Readonly<Record<string, string>> {
  const { connectionId, hold } = found;
  return {
    hold: shortHoldId(hold.holdId),
    connection: connectionId,
    what: `${showCount(hold.memberCount)} ${hold.kind}`,
    why: whyHeld(found),
    opened: showTime(hold.openedAt),
    expires: showTime(hold.expiresAt),
    decision: standing(found),
  };
}

/** Everything about a hold but its events. */
export function holdFacts(found: FoundHold): readonly Fact[] {
  const { connectionId, hold, end } = found;
  const { brake } = hold;
  return [
    ['hold', hold.holdId],
    ['connection', connectionId],
    ['kind', hold.kind],
    ['reason', hold.reason],
    ['fields', hold.fields?.join(', ')],
    [
      'brake',
      brake &&
        `${showCount(brake.found)} found and ${showCount(brake.recent)} in the day before, limit ${showCount(brake.limit)} of ${showCount(brake.liveUsers)} users`,
    ],
    ['members', showCount(hold.memberCount)],
    ['found by sweep', hold.sweepId],
    ['opened', `${showTime(hold.openedAt)} UTC`],
    ['expires', end === undefined ? `${showTime(hold.expiresAt)} UTC, where nobody decides` : undefined],
    ['decision', standing(found)],
  ];
}

/** A hold as a program reads it: the decision also where no tick has read it yet. */
export function holdJson({ connectionId, hold, end, waiting }: FoundHold) {
  const { members: _, decision = waiting, ...told } = hold;
  return { connectionId, ...told, ...(decision && { decision }), isOpen: end === undefined, ...(end && { end }) };
}

function whyHeld({ hold: { reason, fields, brake } }: FoundHold): string {
  if (brake !== undefined) return `${reason}: limit ${showCount(brake.limit)}`;
  return fields === undefined ? reason : `${reason}: ${fields.join(', ')}`;
}

/** What was decided, and what came of it. */
function standing({ hold, end, waiting }: FoundHold): string {
  const decision = hold.decision ?? waiting;
  const said = decision === undefined ? 'none' : sayDecision(decision);
  if (end === undefined) return decision === undefined ? said : `${said}; the next complete full sweep uses it`;
  const came = `${end.ending} ${showTime(end.at)}: ${showCount(end.settled)} settled, ${showCount(end.dissolved)} no longer found`;
  return decision === undefined ? came : `${said}; ${came}`;
}

function sayDecision({ verdict, by, at, why }: HoldDecision): string {
  return `${verdict} by ${by} ${showTime(at)}${why === undefined ? '' : ` (${why})`}`;
}
