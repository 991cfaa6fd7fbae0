import fc from 'fast-check';
import type { SweepEvidence } from '../../src/diff/completeness.ts';
import { type CanonicalUser, statuses } from '../../src/model/canonical-user.ts';
import { userId } from '../../src/model/ids.ts';
import { type Instant, instant } from '../../src/model/instant.ts';
import type { Json } from '../../src/model/json.ts';
import type { ProjectedField } from '../../src/model/projected-field.ts';

/** Any text but the empty one, which means absent. */
const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 8 }),
  fc.string({ minLength: 1, maxLength: 5, unit: 'grapheme' }),
);
const flag = fc.boolean();
/** Few values, so that equal ones meet. */
const word = fc.constantFrom('a', 'b', 'c', 'A', 'ä', '10', '9');
const time: fc.Arbitrary<Instant> = fc.integer({ min: 0, max: 253_402_300_799_999 }).map(instant);

function some<T>(member: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> {
  return fc.array(member, { minLength: 1, maxLength: 4 });
}

/** An object like those that JSON gives. */
function plain<T>(fields: { readonly [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(fields, { noNullPrototype: true }) as fc.Arbitrary<T>;
}

/** An object that may lack any field. */
function partial<T extends object>(fields: { readonly [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> {
  return fc.record(fields, { requiredKeys: [], noNullPrototype: true }) as fc.Arbitrary<Partial<T>>;
}

/** JSON that is something: no null, nothing empty. */
export const presentJson: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 2 },
    word,
    flag,
    fc.integer(),
    fc.array(tie('json'), { minLength: 1, maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'A', 'b', '__proto__', 'constructor'), tie('json'), {
      minKeys: 1,
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ),
})).json;

const reference = plain({ id: word, name: text });
const attributeNames = ['admin', 'Admin', 'a.b', 'tags'] as const;

/** Everything about a user but his id. */
const userFields = {
  userName: text,
  displayName: text,
  givenName: text,
  familyName: text,
  title: word,
  emails: some(fc.oneof(plain({ value: word }), plain({ value: word, type: word, primary: flag }))),
  phones: some(plain({ value: word, extension: word })),
  rawStatus: word,
  userType: word,
  roles: some(
    plain({ id: word, scope: fc.dictionary(word, presentJson, { minKeys: 1, maxKeys: 2, noNullPrototype: true }) }),
  ),
  groups: some(reference),
  organizations: some(reference),
  workspaces: some(reference),
  licenses: some(reference),
  externalId: word,
  identifiers: fc.dictionary(word, presentJson, { minKeys: 1, maxKeys: 2, noNullPrototype: true }),
  emailVerified: flag,
  mfaEnabled: flag,
  language: word,
  languages: some(word),
  timezone: word,
  avatar: text,
  bio: text,
  urls: some(plain({ value: word })),
  createdAt: time,
  updatedAt: time,
  lastActiveAt: time,
  lastLoginAt: time,
  statusChangedAt: time,
  activatedAt: time,
  vendorAttributes: fc.dictionary(fc.constantFrom(...attributeNames), presentJson, {
    minKeys: 1,
    maxKeys: 3,
    noNullPrototype: true,
  }),
};

const status = fc.constantFrom(...statuses);

/** A canonical user of any shape: every field present or not, nothing empty. */
export function aCanonicalUser(id: fc.Arbitrary<string> = fc.constant('42')): fc.Arbitrary<CanonicalUser> {
  return fc
    .tuple(id, status, partial(userFields))
    .map(([given, known, rest]) => ({ id: userId(given), status: known, ...rest }) as CanonicalUser);
}

/** Two users who have much in common. */
export const twoAlike: fc.Arbitrary<readonly [CanonicalUser, CanonicalUser]> = fc
  .tuple(aCanonicalUser(), aCanonicalUser(), fc.infiniteStream(flag))
  .map(([one, other, coins]) => {
    const mixed: Record<string, unknown> = { ...other };
    for (const field of Object.keys(userFields)) {
      if (!coins.next().value) continue;
      if (Object.hasOwn(one, field)) mixed[field] = one[field as keyof CanonicalUser];
      else delete mixed[field];
    }
    return [one, mixed as CanonicalUser] as const;
  });

const canonicalFields = Object.keys(userFields).filter((name) => name !== 'vendorAttributes');

/** Every field there is, groups by id, and each vendor attribute. */
export const everyField = [
  ...canonicalFields.map((path) => (path === 'groups' ? { path, compareById: true } : { path })),
  ...attributeNames.map((name) => ({ path: `vendorAttributes.${name}` })),
] as readonly ProjectedField[];

/** Any allow-list out of those. */
export const someFields: fc.Arbitrary<readonly ProjectedField[]> = fc.subarray([...everyField]);

/** A user of few and small fields, for long histories. No two are the same in every field. */
export function aSmallUser(id: string): fc.Arbitrary<CanonicalUser> {
  return fc
    .tuple(
      fc.constantFrom('active', 'active', 'suspended', 'deleted'),
      partial({ title: fc.constantFrom('Dr', 'Miss'), groups: some(plain({ id: fc.constantFrom('g1', 'g2') })) }),
    )
    .map(
      ([known, rest]) => ({ id: userId(id), displayName: `name of ${id}`, status: known, ...rest }) as CanonicalUser,
    );
}

/** A list out of a few possible users, in any order. */
export function aSmallList(size: number): fc.Arbitrary<readonly CanonicalUser[]> {
  const everybody = Array.from({ length: size }, (_, number) => aSmallUser(`u${number}`));
  return fc
    .tuple(fc.tuple(...everybody), fc.shuffledSubarray(everybody.map((_, number) => number)))
    .map(([users, chosen]) => chosen.flatMap((number) => users[number] ?? []));
}

const count = fc.integer({ min: 0, max: 30 });

/** Any evidence, most of it against completeness. */
export const anyEvidence: fc.Arbitrary<SweepEvidence> = fc
  .tuple(
    plain({
      pages: count,
      endedByVendor: flag,
      vetoes: fc.array(word, { maxLength: 2 }),
      drift: fc.array(word, { maxLength: 1 }),
      totalMoved: flag,
      distinctUsers: count,
      duplicates: count,
      rejectedWithId: count,
      rejectedWithoutId: fc.constantFrom(0, 0, 1),
      retries: count,
      walks: fc.constantFrom(1, 2),
      liveBefore: count,
      unseen: count,
    }),
    partial<Pick<SweepEvidence, 'excludedUsers' | 'failure' | 'firstTotal' | 'lastTotal' | 'totalKind' | 'usualGap'>>({
      usualGap: fc.constantFrom(0, 1, 2),
      excludedUsers: fc.constantFrom(0, 1),
      failure: fc.constant({ code: 'vendor.timeout', message: 'm' }),
      firstTotal: count,
      lastTotal: count,
      totalKind: fc.constantFrom('hard', 'soft'),
    }),
  )
  .map(([always, sometimes]) => ({ ...always, ...sometimes }) as SweepEvidence);

/** The same value with its keys in another order, at every depth, and its outer arrays as other orders of the same set. */
export function respelled(user: CanonicalUser, turn: number): CanonicalUser {
  const fields = Object.entries(user).map(([name, value]) => [name, respelledField(name, value, turn)]);
  return Object.fromEntries(rotated(fields, turn)) as CanonicalUser;
}

function respelledField(name: string, value: unknown, turn: number): unknown {
  if (Array.isArray(value))
    return rotated(
      [...value, value[0]].map((member) => rekeyed(member, turn)),
      turn,
    );
  if (name !== 'vendorAttributes') return rekeyed(value, turn);
  return Object.fromEntries(
    rotated(Object.entries(value as object), turn).map(([key, member]) => [key, respelledField(key, member, turn)]),
  );
}

function rekeyed(value: unknown, turn: number): unknown {
  if (Array.isArray(value)) return value.map((member) => rekeyed(member, turn));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(rotated(Object.entries(value), turn).map(([key, member]) => [key, rekeyed(member, turn)]));
}

function rotated<T>(items: readonly T[], turn: number): readonly T[] {
  const reversed = items.toReversed();
  const at = items.length === 0 ? 0 : turn % items.length;
  return [...reversed.slice(at), ...reversed.slice(0, at)];
}
