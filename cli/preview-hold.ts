import type { Protector } from '../src/diff/protect-user.ts';
import type { StagedTransition } from '../src/diff/staged-transition.ts';
import { composeEvents } from '../src/events/compose-events.ts';
import type { FeedEvent } from '../src/events/feed-event.ts';
import type { UserDiff } from '../src/model/change.ts';
import type { Hold } from '../src/model/hold.ts';
import type { LogBatch, SweepStamp, Transition } from '../src/model/log-batch.ts';
import type { FieldPath } from '../src/model/projected-field.ts';
import { findVendor } from '../src/vendors/registry.ts';
import type { HoldFacts } from './find-hold.ts';

/**
 * Examples of the events that a hold would become, were it approved and still true, in the words of today's settings.
 * Their ids and sequences are nobody's: those are given by the commit.
 */
export function previewHold(
  { connection, state, hold, preview }: Pick<HoldFacts, 'connection' | 'state' | 'hold' | 'preview'>,
  protector: Protector,
  stamp: Pick<SweepStamp, 'startedAt' | 'usersSeen'> | undefined,
): readonly FeedEvent[] {
  const { id: connectionId, tenantId, vendor, payload } = connection;
  const batch: LogBatch = {
    connectionId,
    tenantId,
    vendor,
    mappingVersion: findVendor(vendor)?.mappingVersion ?? 1,
    epoch: state.epoch,
    position: state.position + 1,
    committedAt: hold.openedAt,
    leaseToken: 0,
    sweep: { sweepId: hold.sweepId, mode: 'full', startedAt: hold.openedAt, usersSeen: 0, ...stamp, complete: true },
    transitions: (preview as readonly StagedTransition[]).map((staged, at) =>
      protector.protectTransition(release(staged, hold, state.sequence + at + 1)),
    ),
    connectionChanges: [],
    lastSequence: state.sequence + preview.length,
    previousEventPosition: state.lastEvent.position,
    ...(payload === 'thin' && { payload }),
  };
  return composeEvents(batch);
}

function release({ change, ...staged }: StagedTransition, { holdId, fields }: Hold, sequence: number): Transition {
  if (change === undefined) return staged;
  const released = { ...change, sequence, releasedFrom: holdId };
  if (fields === undefined || change.diff === undefined) return { ...staged, change: released };
  // Only the loss is held: what else has changed was published when it was found.
  const diff = onlyFields(change.diff, fields);
  return { ...staged, change: { ...released, type: 'updated', reason: { code: 'fields_changed' }, diff } };
}

function onlyFields({ changedFields, before }: UserDiff, fields: readonly FieldPath[]): UserDiff {
  const kept = changedFields.filter((path) => fields.includes(path));
  const isKept = (path: string) => kept.includes(path as FieldPath);
  const attributes = Object.entries(before.vendorAttributes ?? {}).filter(([name]) =>
    isKept(`vendorAttributes.${name}`),
  );
  return {
    changedFields: kept,
    before: {
      ...Object.fromEntries(Object.entries(before).filter(([name]) => isKept(name))),
      ...(attributes.length > 0 && { vendorAttributes: Object.fromEntries(attributes) }),
    },
  };
}
