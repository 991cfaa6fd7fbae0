import type { FeedEvent, UserEvent } from '../../src/events/feed-event.ts';
import { typeDescriptions } from '../../src/events/type-descriptions.ts';
import { isAboutUser } from './is-about-user.ts';
import { countKind, sayHoldReason } from './say-hold.ts';

/** Why a change was concluded, by the code of its reason; `{…}` stands for a piece of evidence. */
const reasonTexts: Readonly<Record<string, string>> = {
  appeared: 'The list shows this user for the first time.',
  reappeared: 'The list shows this user again after his deletion.',
  fields_changed: 'The list shows other values than in the sweep before.',
  status_changed: 'The list shows another status than in the sweep before.',
  vendor_reported: 'The vendor itself reports this user as deleted.',
  baseline: 'The first list of this connection, which asks for events of it.',
  absent_from_complete_sweeps:
    'The user was missing from {missedSweeps} complete lists in a row, each of which the vendor had ended itself.',
  not_found_by_probe: 'The user was missing from a complete list, and the vendor, asked about him, did not find him.',
  left_scope: 'The user is no longer among those that this connection is about; he may still be there.',
};

const originTexts: Readonly<Record<string, string>> = {
  repair: 'The list was cut differently than before; this event repairs what had changed meanwhile.',
  resync: 'It states the present again, because somebody asked for it.',
  replay: 'It was published before and was sent once more.',
};

/** Why an event was published, in sentences; the first one alone says most of it. */
export function explainEvent(event: FeedEvent): readonly [string, ...string[]] {
  return isAboutUser(event) ? explainUserEvent(event) : explainConnectionEvent(event);
}

function explainUserEvent({ metadata }: UserEvent): readonly [string, ...string[]] {
  const { reason, window, sweep, origin, occurredAt } = metadata;
  const evidence = reason.evidence ?? {};
  const why = reasonTexts[reason.code] ?? `The reason is ${reason.code}.`;
  const said = why.replace(/\{(\w+)\}/g, (_, name: string) => String(evidence[name] ?? 'several'));
  const others = [
    evidence.lastSeenAt !== undefined && `He was last seen ${showInstant(String(evidence.lastSeenAt))}.`,
    evidence.releasedFrom !== undefined &&
      `It was held back by ${String(evidence.releasedFrom)} until an operator approved it.`,
    explainWindow(window),
    occurredAt !== undefined && `The vendor dates it ${showInstant(occurredAt)}.`,
    `It follows from a ${sweep.mode} sweep that began ${showInstant(sweep.startedAt)}, saw ${sweep.usersSeen} users and ${sweep.complete ? 'was complete' : 'was not complete, so that nobody counts as gone by it'}.`,
    originTexts[origin] ?? false,
  ];
  return [said, ...others.filter((one) => typeof one === 'string')];
}

function explainWindow({ notBefore, notAfter }: UserEvent['metadata']['window']): string {
  return notBefore === undefined
    ? `It happened by ${showInstant(notAfter)}.`
    : `It happened between ${showInstant(notBefore)} and ${showInstant(notAfter)}: the two times the user was looked at.`;
}

function explainConnectionEvent(event: Exclude<FeedEvent, UserEvent>): readonly [string, ...string[]] {
  const hold = 'hold' in event.data ? (event.data.hold as Hold) : undefined;
  const first = typeDescriptions[event.type];
  if (hold === undefined) return [first];
  const { brake } = hold;
  const others = [
    `It is about ${countKind(hold.kind, hold.count)}: ${sayHoldReason(hold)}.`,
    brake !== undefined &&
      `The limit was ${brake.limit} of ${brake.liveUsers} users; ${brake.found} were found, after ${brake.recent} in the day before.`,
  ];
  return [first, ...others.filter((one) => typeof one === 'string')];
}

type Hold = Extract<FeedEvent['data'], { readonly hold: unknown }>['hold'];

function showInstant(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
}
