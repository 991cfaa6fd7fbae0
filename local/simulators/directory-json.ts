import * as z from 'zod/mini';
import { nameFault } from './name-fault.ts';
import type { DirectoryJson } from './simulated-directory.ts';

const count = z.int().check(z.minimum(0));

const person = z.strictObject({
  id: z.string(),
  number: count,
  givenName: z.string(),
  familyName: z.string(),
  userName: z.string(),
  email: z.string(),
  title: z.string(),
  language: z.string(),
  admin: z.boolean(),
  groups: z.array(count),
  status: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  isLeaving: z.boolean(),
});

/** What a control request may say about a person. */
export const personWish = z.partial(
  z.omit(person, {
    id: true,
    number: true,
    createdAt: true,
    updatedAt: true,
    isLeaving: true,
  }),
);

const directoryJson = z.strictObject({
  version: z.literal(1),
  vendor: z.string(),
  seed: z.string(),
  step: count,
  operationCount: count,
  nextNumber: count,
  people: z.array(person),
  departed: z.array(person),
});

/** Reads what `toJson` wrote. Throws an error that names the first fault, also for a version it does not know. */
export function parseDirectoryJson(json: unknown): DirectoryJson {
  const parsed = directoryJson.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new Error(`not a simulated directory of version 1: ${nameFault(parsed.error)}`);
}
