import { dirname, resolve } from 'node:path';
import * as z from 'zod/mini';
import type { Connection, MaintenanceWindow, SecretReference } from '../model/connection.ts';
import type { Fault } from '../model/feed-error.ts';
import { connectionId } from '../model/ids.ts';
import type { Vendor } from '../vendors/vendor.ts';
import { toBrakeRules } from './brake-field.ts';
import { connectionFields } from './connection-fields.ts';
import { consultVendor } from './consult-vendor.ts';
import { type AcceptedCredentials, findCredentialFaults } from './credential-faults.ts';
import { findDeltaFaults } from './delta-faults.ts';
import { findIgnoreFaults } from './ignored-fields.ts';
import { findProtectionFaults, toProtection } from './protected-fields.ts';
import { readWithSchema } from './read-with-schema.ts';
import type { Runtime } from './secret-reference.ts';
import { findUserRuleFaults } from './user-rule-faults.ts';
import { toUserRules } from './user-rules-field.ts';

export type ConnectionRules = {
  readonly vendors: readonly Vendor[];
  /** Decides which references to secrets are accepted, and how short `every` may be. */
  readonly runtime: Runtime;
  /** Shown in messages; file references are relative to its folder. */
  readonly fileName: string;
};
export type ConnectionReading = { readonly connection: Connection } | { readonly faults: readonly Fault[] };

/** A reader for the entries of one file, which says everything that is wrong with an entry at once. */
export function createConnectionReader(rules: ConnectionRules): (entry: unknown, path: string) => ConnectionReading {
  const names = rules.vendors.flatMap(({ credentialSets }) => credentialSets.flat());
  const formOf = (vendor: Vendor | undefined) => ({
    vendor,
    schema: z.strictObject(connectionFields(rules.vendors, vendor, rules.runtime)),
    accepted: { vendor: vendor?.id ?? '', sets: vendor?.credentialSets ?? [], names, runtime: rules.runtime },
  });
  const forms = new Map(rules.vendors.map((vendor) => [vendor.id, formOf(vendor)]));
  const formOfAnyVendor = formOf(undefined);

  return (entry, path) => {
    const keys = keysOf(entry);
    const { vendor, schema, accepted } =
      (typeof keys?.vendor === 'string' ? forms.get(keys.vendor) : undefined) ?? formOfAnyVendor;
    const read = readWithSchema(schema, entry, path);
    const others = keys === undefined ? [] : findOtherFaults(keys, path, vendor, accepted);
    if ('faults' in read) return { faults: [...read.faults, ...others] };
    if (vendor === undefined || others.length > 0) return { faults: others };
    return { connection: toConnection(read.value, vendor, rules.fileName) };
  };
}

type Keys = { readonly [key: string]: unknown };

function keysOf(value: unknown): Keys | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Keys) : undefined;
}

/** What a schema cannot judge: the credentials, because nothing of them is shown, and what depends on the options. */
function findOtherFaults(keys: Keys, path: string, vendor: Vendor | undefined, accepted: AcceptedCredentials): Fault[] {
  const faults = findCredentialFaults(keys.credentials, `${path}.credentials`, accepted);
  if (vendor === undefined) return faults;
  const fields = keysOf(keys.fields) ?? {};
  return [
    ...faults,
    ...(keys.baseUrl === undefined ? findLackOfAddress(`${path}.baseUrl`, vendor, keys.options) : []),
    ...findDeltaFaults(keys, `${path}.deltaEvery`, vendor),
    ...findIgnoreFaults(fields.ignore, `${path}.fields.ignore`, vendor, keys.options),
    ...findProtectionFaults(fields, `${path}.fields`, vendor, keys.options),
    ...findUserRuleFaults(keys.users, `${path}.users`, vendor, keys.options),
  ];
}

function findLackOfAddress(path: string, vendor: Vendor, options: unknown): Fault[] {
  const base = consultVendor(vendor, options, (read) => vendor.defaultBaseUrl(read));
  if (base === undefined || base.answer !== undefined) return [];
  return [{ path, message: `is missing; ${vendor.id} is hosted by its customers: give the address of yours` }];
}

type Entry = z.output<z.ZodMiniObject<ReturnType<typeof connectionFields>>>;

function toConnection(entry: Entry, vendor: Vendor, fileName: string): Connection {
  const users = toUserRules(entry.users);
  return {
    id: connectionId(entry.id),
    vendor: vendor.id,
    tenantId: entry.tenantId ?? entry.id,
    baseUrl: entry.baseUrl ?? vendor.defaultBaseUrl(entry.options) ?? '',
    ...(entry.directoryId === undefined ? {} : { directoryId: entry.directoryId }),
    credentials: toReferences(entry.credentials as Connection['credentials'], fileName),
    everySeconds: entry.every,
    ...(entry.deltaEvery === undefined ? {} : { deltaEverySeconds: entry.deltaEvery }),
    baseline: entry.baseline,
    deletion: entry.deletion,
    brake: toBrakeRules(entry.brake),
    ignoredFields: [...new Set(entry.fields.ignore)],
    protection: toProtection(entry.fields),
    payload: entry.payload,
    emitSweepCompleted: entry.events.sweepCompleted,
    ...(entry.paused ? { paused: true as const } : {}),
    ...(entry.maintenance === undefined ? {} : { maintenance: entry.maintenance as readonly MaintenanceWindow[] }),
    ...(users === undefined ? {} : { users }),
    ...(entry.requestBudget === undefined ? {} : { requestBudget: entry.requestBudget }),
    options: entry.options,
  };
}

/** Files stand beside the connection file, wherever the program that opens them later is started. */
function toReferences(credentials: Connection['credentials'], fileName: string): Connection['credentials'] {
  const locate = (reference: SecretReference): SecretReference =>
    'file' in reference ? { file: resolve(dirname(fileName), reference.file) } : reference;
  return Object.fromEntries(Object.entries(credentials).map(([name, reference]) => [name, locate(reference)]));
}
