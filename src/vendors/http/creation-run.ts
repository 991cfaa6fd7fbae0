import * as z from 'zod/mini';
import type { ObservedUser } from '../../model/canonical-user.ts';
import { type Instant, instant } from '../../model/instant.ts';

/**
 * A way through a list in order of creation, by a filter for "created after" instead of page numbers: whoever leaves
 * meanwhile moves nobody, and newcomers come last. Part of a cursor.
 *
 * Each request begins one second before the second in which the last user seen was created. So it overlaps with what
 * was seen whether the filter is inclusive or not and whether it compares whole seconds or not, and the overlap proves
 * that nobody was skipped.
 */
export const creationRun = z.object({
  /** The second in which the last user seen was created. */
  since: z.iso.datetime(),
  /** Who was seen of those created in that second. */
  edge: z.array(z.string()),
  /** Whether an answer has shown that the filter does what it says. */
  isProven: z.boolean(),
});
export type CreationRun = z.infer<typeof creationRun>;

/** What to ask for: users created from here on, but never before what the operator asked for. */
export function startOfRun({ since }: CreationRun, notBefore: string | undefined): Instant {
  const startMs = Date.parse(since) - 1000;
  return instant(notBefore === undefined ? startMs : Math.max(startMs, Date.parse(notBefore)));
}

/** Whether an answer begins with somebody seen before and, as the filter was followed, not long before. */
export function isConnected(users: readonly ObservedUser[], { since }: CreationRun, start: Instant): boolean {
  const [earliest] = secondsOf(users).sort();
  return earliest !== undefined && earliest >= secondOf(start) && earliest <= since;
}

/** Whether a user was seen before the run came to its second, or in it. */
export function wasSeen({ id, createdAt }: ObservedUser, run: CreationRun | null): boolean {
  return run !== null && (run.edge.includes(id) || (createdAt !== undefined && createdAt < run.since));
}

/** The run after an answer; undefined where the answer leads no further than the run has come. */
export function continueRun(users: readonly ObservedUser[], run: CreationRun | null): CreationRun | undefined {
  const since = secondsOf(users).sort().at(-1);
  if (since === undefined || (run !== null && since <= run.since)) return undefined;
  const edge = users.filter(({ createdAt }) => createdAt !== undefined && secondOf(createdAt) === since);
  return { since, edge: edge.map(({ id }) => id), isProven: run !== null };
}

/** Whether these users stand in order of creation, as far as they say when. */
export function isInOrderOfCreation(users: readonly ObservedUser[]): boolean {
  const times = users.flatMap(({ createdAt }) => createdAt ?? []);
  return times.every((time, index) => index === 0 || time >= (times[index - 1] ?? time));
}

function secondsOf(users: readonly ObservedUser[]): Instant[] {
  return users.flatMap(({ createdAt }) => (createdAt === undefined ? [] : secondOf(createdAt)));
}

function secondOf(at: Instant): Instant {
  return `${at.slice(0, -'.000Z'.length)}.000Z` as Instant;
}
