import { describe, expect, it } from 'vitest';
import { asDelivered } from '../../../cli/as-delivered.ts';
import { decideHold } from '../../../cli/decide-hold.ts';
import { eventLine } from '../../../cli/event-line.ts';
import { exitCodeOf } from '../../../cli/exit-code.ts';
import { holdFacts, holdJson, holdRow } from '../../../cli/hold-rows.ts';
import { previewHold } from '../../../cli/preview-hold.ts';
import { createProtector } from '../../../src/diff/protect-user.ts';
import type { StagedTransition } from '../../../src/diff/staged-transition.ts';
import type { HoldDecision } from '../../../src/model/hold.ts';
import { userId } from '../../../src/model/ids.ts';
import { epochMs } from '../../../src/model/instant.ts';
import { at, aUser } from '../../support/builders.ts';
import { aHold } from '../store/sample-hold.ts';
import { aConnection, aState } from '../store/sample-log.ts';
import { acme } from './sample-feed.ts';

const id = '20261123T081530000Z-1f2e3d4c-deleted';
const decision: HoldDecision = { verdict: 'approved', by: 'ada', at: at(3), why: 'known' };
const end = { ending: 'released', at: at(9), settled: 58, dissolved: 2 } as const;

/** An update of a title and a status, as it is staged. */
function aStaged(): StagedTransition {
  const user = aUser({ status: 'suspended', displayName: 'Ada' });
  return {
    entry: {
      userId: userId('42'),
      keyHash: '0'.repeat(16),
      revision: 2,
      presence: 'live',
      user,
      digest: '1'.repeat(16),
      projectionVersion: 'p',
      observedAt: at(1),
    },
    pair: 'digest',
    counts: { pairs: 0, live: 0, tombstones: 0 },
    change: {
      type: 'status_changed',
      origin: 'live',
      reason: { code: 'status_changed' },
      window: { notAfter: at(1) },
      diff: {
        changedFields: ['status', 'title', 'vendorAttributes.room'],
        before: { status: 'active', title: 'Countess', vendorAttributes: { room: '7', floor: '1' } },
        status: { from: 'active', to: 'suspended' },
      },
    },
  };
}

function linesOf(hold: ReturnType<typeof aHold>, redact: readonly 'displayName'[] = []): readonly string[] {
  const facts = { connection: aConnection(acme), state: aState({ sequence: 6 }), hold, preview: [aStaged()] };
  const events = previewHold(facts, createProtector({ redact, hash: [] }, 'key'), undefined);
  return events.map((event) => eventLine(asDelivered(event)));
}

describe(holdRow, () => {
  it('says what is held, why, since when, and what was decided', () => {
    expect(holdRow({ connectionId: acme, hold: aHold(id), waiting: decision })).toStrictEqual({
      hold: '1f2e3d4c-deleted',
      connection: 'acme',
      what: '60 deleted',
      why: 'brake: limit 25',
      opened: '2026-11-23 12:00:00',
      expires: '2026-12-23 12:00:00',
      decision: 'approved by ada 2026-11-23 08:03:00 (known); the next complete full sweep uses it',
    });
  });

  it('says of one that has ended what came of it', () => {
    const { decision: told } = holdRow({ connectionId: acme, hold: { ...aHold(id), decision }, end });

    expect(told).toContain('; released 2026-11-23 08:09:00: 58 settled, 2 no longer found');
  });
});

describe(holdFacts, () => {
  it('tells what the brake compared and which fields vanished', () => {
    const { brake: _, ...unbraked } = aHold(id, { reason: 'field_vanished', fields: ['title', 'bio'] });
    const facts = new Map([
      ...holdFacts({ connectionId: acme, hold: unbraked }).filter(([, value]) => value !== undefined),
      ...holdFacts({ connectionId: acme, hold: aHold(id) }).filter(([name]) => name === 'brake'),
    ]);

    expect(facts.get('fields')).toBe('title, bio');
    expect(facts.get('brake')).toBe('60 found and 3 in the day before, limit 25 of 400 users');
  });
});

describe(holdJson, () => {
  it('tells a decision that waits as one that was made, and no name of a blob', () => {
    const hold = aHold(id, { members: 'hold/1/2' });

    expect(holdJson({ connectionId: acme, hold, waiting: decision })).toMatchObject({ decision, isOpen: true });
    expect(holdJson({ connectionId: acme, hold, end })).not.toHaveProperty('members');
  });
});

describe(decideHold, () => {
  const asked = { by: 'bob', nowMs: epochMs(at(5)), verdict: 'rejected' } as const;

  it('leaves a request whose id sorts by time', () => {
    const request = decideHold({ connectionId: acme, hold: aHold(id) }, { ...asked, why: 'no' });

    expect(request).toMatchObject({
      connectionId: 'acme',
      act: 'decide_hold',
      holdId: id,
      verdict: 'rejected',
      why: 'no',
    });
    expect(request.requestId).toMatch(/^20261123T080500000Z-[0-9a-f]{8}$/);
  });

  it.each([
    ['was decided', { hold: { ...aHold(id), decision } }, /was approved by ada at 2026-11-23 08:03:00 UTC/],
    ['has a decision that waits', { hold: aHold(id), waiting: decision }, /the first decision counts/],
    ['has ended', { hold: aHold(id), end }, /ended at 2026-11-23 08:09:00 UTC \(released\)/],
  ])('refuses a hold that %s', (_, found, message) => {
    let thrown: unknown;
    try {
      decideHold({ connectionId: acme, ...found }, asked);
    } catch (error) {
      thrown = error;
    }

    expect(exitCodeOf(thrown)).toBe(1);
    expect(String(thrown)).toMatch(message);
  });
});

describe(previewHold, () => {
  it('shows the event that would be published, without what is redacted by now', () => {
    const [line] = linesOf(aHold(id, { kind: 'status_changed' }), ['displayName']);

    expect(line).toContain('user.status_changed  acme 42 | status: active -> suspended, title: Countess -> (none)');
    expect(line).toContain(`released from ${id}`);
    expect(line).not.toContain('Ada');
  });

  it('shows of vanished fields the loss alone: the rest was published', () => {
    const fields = ['vendorAttributes.room'] as const;
    const [line] = linesOf(aHold(id, { kind: 'updated', reason: 'field_vanished', fields }));

    expect(line).toContain('user.updated         acme 42 Ada | vendorAttributes.room: 7 -> (none) | fields_changed');
  });
});
