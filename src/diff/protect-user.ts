import { hash } from 'node:crypto';
import type { CanonicalUser, ObservedUser } from '../model/canonical-user.ts';
import type { UserDiff } from '../model/change.ts';
import type { LogBatch, Transition } from '../model/log-batch.ts';
import type { FieldPath } from '../model/projected-field.ts';
import type { Protection } from '../model/protection.ts';
import type { SnapshotEntry } from '../model/snapshot-entry.ts';
import { vendorAttributeName } from './projection.ts';
import { type Mask, protectedFields } from './protected-fields.ts';
import type { StagedTransition } from './staged-transition.ts';

/**
 * Masks users, and whatever tells of them, as a connection's settings want it. Nothing is changed in place; what is
 * masked already stays as it is, and where nothing is to be masked the same object is given back.
 */
export type Protector = {
  protectUser<T extends ObservedUser | CanonicalUser>(user: T): T;
  protectEntry(entry: SnapshotEntry): SnapshotEntry;
  /** An update of which no field is left stays, with none: its sequence is not given to anything else. */
  protectTransition<T extends StagedTransition | Transition>(transition: T): T;
  protectBatch(batch: LogBatch): LogBatch;
};

type Masks = { readonly fields: ReadonlyMap<string, Mask>; readonly attributes: ReadonlyMap<string, Mask> };
type Values = { readonly [name: string]: unknown };
type HashText = (text: string) => string;

const hashedForm = /^hashed:[0-9a-f]{32}$/;
/** Of the members of these sets, what tells them apart for people, and is no name of anybody, stays. */
const labelledSets: ReadonlySet<string> = new Set(['emails', 'phones', 'urls'] satisfies (keyof CanonicalUser)[]);
const keptLabels: ReadonlySet<string> = new Set(['type', 'primary']);

const unprotected: Protector = {
  protectUser: (user) => user,
  protectEntry: (entry) => entry,
  protectTransition: (transition) => transition,
  protectBatch: (batch) => batch,
};

/** The protector of a connection. `digestKey` is the one of its index; what it keys here resembles nothing in there. */
export function createProtector(protection: Protection, digestKey: string): Protector {
  const masks = masksOf(protection);
  if (masks.fields.size + masks.attributes.size === 0) return unprotected;
  const hashText: HashText = (text) => `hashed:${hash('sha256', `${digestKey}\nvalue\n${text}`).slice(0, 32)}`;
  const protectUser = <T extends Values>(user: T) => maskUser(user, masks, hashText) as T;
  const protectEntry = (entry: SnapshotEntry) => ({ ...entry, user: protectUser(entry.user) });
  const protectDiff = (diff: UserDiff): UserDiff => ({
    ...diff,
    changedFields: diff.changedFields.filter((path) => maskAt(path, masks) !== 'redact'),
    before: protectUser(diff.before),
  });
  const protectTransition = <T extends StagedTransition | Transition>(transition: T): T => {
    const { change } = transition;
    const protectedChange = change?.diff && { change: { ...change, diff: protectDiff(change.diff) } };
    return { ...transition, entry: protectEntry(transition.entry), ...protectedChange };
  };
  return {
    protectUser,
    protectEntry,
    protectTransition,
    protectBatch: (batch) => ({ ...batch, transitions: batch.transitions.map(protectTransition) }),
  };
}

function masksOf(protection: Protection): Masks {
  const fields = new Map<string, Mask>();
  const attributes = new Map<string, Mask>();
  for (const [path, mask] of protectedFields(protection)) {
    const attribute = vendorAttributeName(path);
    if (attribute === undefined) fields.set(path, mask);
    else attributes.set(attribute, mask);
  }
  return { fields, attributes };
}

function maskAt(path: FieldPath, { fields, attributes }: Masks): Mask | undefined {
  const attribute = vendorAttributeName(path);
  return attribute === undefined ? fields.get(path) : attributes.get(attribute);
}

/** A user, or the part of one that `before` holds. */
function maskUser(user: Values, masks: Masks, hashText: HashText): Values {
  const { vendorAttributes } = user;
  const masked = maskValues(user, masks.fields, (name, value) => hashField(name, value, hashText));
  if (typeof vendorAttributes !== 'object' || vendorAttributes === null) return masked;
  const attributes = maskValues(vendorAttributes as Values, masks.attributes, (_, value) => hashValue(value, hashText));
  if (Object.keys(attributes).length > 0) return { ...masked, vendorAttributes: attributes };
  const { vendorAttributes: _, ...rest } = masked;
  return rest;
}

function maskValues(
  values: Values,
  masks: ReadonlyMap<string, Mask>,
  hashNamed: (name: string, value: unknown) => unknown,
): Values {
  const kept = Object.entries(values).filter(([name]) => masks.get(name) !== 'redact');
  return Object.fromEntries(kept.map(([name, value]) => [name, masks.has(name) ? hashNamed(name, value) : value]));
}

function hashField(name: string, value: unknown, hashText: HashText): unknown {
  if (!labelledSets.has(name) || !Array.isArray(value)) return hashValue(value, hashText);
  return value.map((member) => hashValue(member, hashText, keptLabels));
}

/** The value with a hash for each text, number and flag in it. What is empty stays absent. */
function hashValue(value: unknown, hashText: HashText, kept: ReadonlySet<string> = new Set()): unknown {
  if (Array.isArray(value)) return value.map((member) => hashValue(member, hashText));
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value);
    return Object.fromEntries(
      members.map(([key, member]) => [key, kept.has(key) ? member : hashValue(member, hashText)]),
    );
  }
  if (value === undefined || value === null || value === '' || isHashed(value)) return value;
  // JSON tells a text from a number, and one half of a character from another.
  return hashText(JSON.stringify(value));
}

function isHashed(value: unknown): boolean {
  return typeof value === 'string' && hashedForm.test(value);
}
