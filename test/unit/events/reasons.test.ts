import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { composeEvents } from '../../../src/events/compose-events.ts';
import { userEventSchema } from '../../../src/events/feed-event.ts';
import { holdId } from '../../../src/model/ids.ts';
import type { UserChange } from '../../../src/model/log-batch.ts';
import { aBatch, aChange, aTransition, at } from '../../support/builders.ts';

/** The reason that the event of a change gives. */
function reasonOf(given: Partial<UserChange>) {
  const [event] = composeEvents(aBatch({ transitions: [aTransition({ change: aChange(given) })] }));
  return z.parse(userEventSchema, event).metadata.reason;
}

const evidence = { missedSweeps: 1, lastSeenAt: at(10) };
const releasedFrom = holdId('hold-1');

describe(composeEvents, () => {
  it('names the hold that an event was released from, where the reason has no evidence', () => {
    expect(reasonOf({ releasedFrom })).toStrictEqual({ code: 'fields_changed', evidence: { releasedFrom } });
  });

  it('names the hold beside the evidence of the reason', () => {
    const reason = { code: 'absent_from_complete_sweeps', evidence } as const;

    expect(reasonOf({ type: 'deleted', reason, releasedFrom })).toStrictEqual({
      code: 'absent_from_complete_sweeps',
      evidence: { ...evidence, releasedFrom },
    });
  });

  it('invents no evidence', () => {
    expect(reasonOf({})).toStrictEqual({ code: 'fields_changed' });
  });

  it.each(['not_found_by_probe', 'left_scope'] as const)('gives the reason %s with what it rests on', (code) => {
    expect(reasonOf({ type: 'deleted', reason: { code, evidence } })).toStrictEqual({ code, evidence });
  });
});
