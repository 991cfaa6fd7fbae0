import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDigester } from '../../src/diff/digest.ts';
import { createPairTable } from '../../src/diff/pair-table.ts';
import type { Hold } from '../../src/model/hold.ts';
import { brakeOf, type KnownUsers, knownUsersOfFile } from '../support/known-users.ts';

const knowUsers = knownUsersOfFile();

/** What may happen to a connection, by a word that tells the story of a failure. */
const acts = {
  sweepFully: (story) => story.sweep(),
  sweepPartly: (story) => story.sweepPartly(),
  sweepDelta: (story, users) => story.sweepDelta(users),
  removeSome: async (story, users) => story.remove(users),
  bringBack: async (story, users) => story.show(users),
  retitle: async (story, users) => story.show(users, { title: `Title at ${story.clock.nowMs}` }),
  report: async (story, users) => story.show(users, { status: 'deleted' }),
  suspendSome: async (story, users) => story.show(users, { status: 'suspended' }),
  join: async (story, users) => story.show(users.map((id) => `${id}-new`)),
  empty: async (story) => story.vendor.users.clear(),
  waitForDays: async (story) => {
    story.clock.nowMs += 5 * 86_400_000;
  },
  reject: (story) => story.decide('rejected'),
} satisfies Record<string, (story: KnownUsers, users: readonly string[]) => Promise<unknown>>;
type Act = keyof typeof acts;

const changing = fc.constantFrom<Act>('removeSome', 'bringBack', 'retitle', 'report', 'suspendSome', 'join', 'empty');
const sweeping = fc.constantFrom<Act>('sweepFully', 'sweepFully', 'sweepFully', 'sweepPartly', 'sweepDelta');
const other = fc.constantFrom<Act>('waitForDays', 'reject', 'retitle');
const someUsers = fc.subarray(
  [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => `u${n}`),
  { minLength: 1, maxLength: 4 },
);
const chapter = fc.tuple(changing, other, fc.tuple(sweeping, sweeping), someUsers);
const history = fc.array(chapter, { minLength: 4, maxLength: 5 });

/**
 * Whether nothing of a hold may be seen. Whoever has changed once more since a decision is judged anew, but somebody
 * can be gone in one way only.
 */
function isKept({ kind, decision, reason }: Hold): boolean {
  if (reason === 'field_vanished') return false;
  return decision === undefined || (decision.verdict === 'rejected' && kind === 'deleted');
}

/** Which events must not be seen of whom. */
async function forbidden({ id, state, feed, ids }: KnownUsers): Promise<ReadonlySet<string>> {
  const { holds, digestKey } = await state();
  const digester = createDigester(digestKey);
  const everybody = [...ids, ...ids.map((known) => `${known}-new`)];
  const events = new Set<string>();
  for (const { kind, members } of holds.filter(isKept)) {
    const table = createPairTable((await feed.store.readBlob(id, members ?? '')) ?? new Uint8Array());
    for (const user of everybody) if (table.find(digester.keyHash(user)) !== -1) events.add(`user.${kind} ${user}`);
  }
  return events;
}

describe('whatever happens to a connection with holds', () => {
  it('nothing is published of a member of an open hold before it is approved, and then exactly what is true', async () => {
    let heldDeletions = 0;
    await fc.assert(
      fc.asyncProperty(history, async (chapters) => {
        const story = await knowUsers(10, {
          brake: brakeOf({ deleted: 1, updated: 1, created: 1, status_changed: 1 }),
        });
        story.remove(['u1', 'u2', 'u3']);
        await story.sweep();
        await story.sweep();
        story.news();
        for (const [change, next, sweeps, users] of chapters)
          for (const act of [change, next, ...sweeps]) {
            const kept = await forbidden(story);
            heldDeletions += [...kept].filter((event) => event.startsWith('user.deleted')).length;
            await acts[act](story, users);
            const told = story.news();
            expect(told.filter((event) => kept.has(event))).toStrictEqual([]);
          }

        await story.sweep();
        story.news();
        const left = new Set([...(await forbidden(story))].filter((event) => event.startsWith('user.deleted')));
        await story.decide('approved', 'deleted');
        for (let sweep = 0; sweep < 2; sweep += 1) await story.sweep();
        const deleted = story.news().filter((event) => left.has(event));
        expect(deleted.toSorted()).toStrictEqual([...left].toSorted());
      }),
      { numRuns: 3, seed: 20_261_123 },
    );
    expect(heldDeletions).toBeGreaterThan(20);
  });
});
