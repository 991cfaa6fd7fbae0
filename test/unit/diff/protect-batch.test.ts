import { describe, expect, it } from 'vitest';
import { createProtector } from '../../../src/diff/protect-user.ts';
import { aBatch, aChange, anEntry, aTransition, aUser } from '../../support/builders.ts';

const key = '00112233445566778899aabbccddeeff';
const aProtector = () => createProtector({ redact: ['title', 'vendorAttributes.note'], hash: ['displayName'] }, key);
const hashOfAda = aProtector().protectUser(aUser({ displayName: 'Ada' })).displayName;
const hashOfEve = aProtector().protectUser(aUser({ displayName: 'Eve' })).displayName;

const entry = anEntry({ user: aUser({ title: 'Dr', bio: 'b', vendorAttributes: { note: 'n' } }), revision: 3 });
const protectedEntry = { ...entry, user: aUser({ displayName: hashOfAda as string, bio: 'b' }) };

describe('protectEntry', () => {
  it('masks the user and keeps everything else, also the digest', () => {
    expect(aProtector().protectEntry(entry)).toStrictEqual(protectedEntry);
  });
});

describe('protectTransition', () => {
  it('masks a silent transition and invents no change', () => {
    expect(aProtector().protectTransition(aTransition({ entry }))).toStrictEqual(
      aTransition({ entry: protectedEntry }),
    );
  });

  it('masks the old values, drops redacted fields from what changed and keeps hashed ones', () => {
    const change = aChange({
      type: 'status_changed',
      diff: {
        changedFields: ['bio', 'displayName', 'status', 'title', 'vendorAttributes.note'],
        before: { bio: 'a', displayName: 'Eve', status: 'invited', title: 'Miss', vendorAttributes: { note: 'o' } },
        status: { from: 'invited', to: 'active', rawFrom: 'new', rawTo: 'enabled' },
      },
    });

    expect(aProtector().protectTransition(aTransition({ entry, change }))).toStrictEqual(
      aTransition({
        entry: protectedEntry,
        change: {
          ...change,
          diff: {
            changedFields: ['bio', 'displayName', 'status'],
            before: { bio: 'a', displayName: hashOfEve, status: 'invited' },
            status: { from: 'invited', to: 'active', rawFrom: 'new', rawTo: 'enabled' },
          },
        },
      }),
    );
  });

  it('keeps an update of which nothing is left, so that its sequence does not vanish', () => {
    const change = aChange({ sequence: 7, diff: { changedFields: ['title'], before: { title: 'Miss' } } });

    expect(aProtector().protectTransition(aTransition({ entry, change })).change).toStrictEqual({
      ...change,
      diff: { changedFields: [], before: {} },
    });
  });

  it('passes on a change without a diff, and what a staged transition knows beside it', () => {
    const { diff: _, sequence: __, ...change } = aChange();
    const staged = { ...aTransition({ entry }), change, priorDigest: '00ff' };

    expect(aProtector().protectTransition(staged)).toStrictEqual({ ...staged, entry: protectedEntry });
  });
});

describe('protectBatch', () => {
  const batch = aBatch({
    transitions: [aTransition({ entry }), aTransition({ entry, change: aChange() })],
    connectionChanges: [{ type: 'sweep_completed', sequence: 2 }],
    lastSequence: 2,
    payload: 'thin',
  });

  it('masks every transition and keeps all that is about no user', () => {
    expect(aProtector().protectBatch(batch)).toStrictEqual({
      ...batch,
      transitions: batch.transitions.map((transition) => aProtector().protectTransition(transition)),
    });
    expect(aProtector().protectBatch(batch).transitions[0]?.entry).toStrictEqual(protectedEntry);
  });

  it('gives back the very same objects where nothing is protected', () => {
    const idle = createProtector({ redact: ['status'], hash: [] }, key);
    const transition = aTransition({ entry });

    expect(idle.protectBatch(batch)).toBe(batch);
    expect(idle.protectTransition(transition)).toBe(transition);
    expect(idle.protectEntry(entry)).toBe(entry);
  });
});
