import * as z from 'zod/mini';
import type { JsonObject } from '../model/json.ts';
import type { Vendor } from '../vendors/vendor.ts';
import { baseUrlField, connectionFields, fieldsField } from './connection-fields.ts';
import { connectionFileFields, maxConnections } from './connection-file.ts';
import { consultVendor } from './consult-vendor.ts';
import { listIgnorableFields } from './ignored-fields.ts';
import { listProtectableFields } from './protected-fields.ts';
import { secretReference } from './secret-reference.ts';

/**
 * The JSON Schema of the connection file, for editors and for files that programs write. What it accepts may still
 * be refused for the runtime it is meant for, or for a repeated id.
 */
export function connectionFileSchema(vendors: readonly Vendor[]): JsonObject {
  const [first, ...others] = vendors.map((vendor) => connectionOf(vendors, vendor));
  if (first === undefined) throw new TypeError('there is no vendor to describe');
  const connections = z
    .array(z.discriminatedUnion('vendor', [first, ...others]))
    .check(z.minLength(1), z.maxLength(maxConnections));
  const file = z
    .strictObject({ ...connectionFileFields, connections })
    .check(z.describe('The connections of a user change feed.'));
  // draft-7 is what editors understand best; a vendor's own conversions have no schema and are left open.
  return z.toJSONSchema(file, { io: 'input', target: 'draft-7', unrepresentable: 'any' }) as JsonObject;
}

function connectionOf(vendors: readonly Vendor[], vendor: Vendor) {
  const fields = connectionFields(vendors, vendor, 'embedded');
  const needsOptions = !vendor.options.safeParse({}).success;
  const base = consultVendor(vendor, {}, (options) => vendor.defaultBaseUrl(options));
  const needsBaseUrl = base !== undefined && base.answer === undefined;
  // Where options bring fields of their own, their names are not known here.
  const oneOf = (names: readonly string[]) => (vendor.projectionFor === undefined ? z.enum(names) : z.string());
  return z
    .strictObject({
      ...fields,
      deltaEvery: vendor.delta === undefined ? noDelta : fields.deltaEvery,
      vendor: z.literal(vendor.id),
      baseUrl: needsBaseUrl ? baseUrlField : fields.baseUrl,
      fields: fieldsField({
        ignorable: oneOf(listIgnorableFields(vendor)),
        redactable: oneOf(listProtectableFields('redact', vendor)),
        hashable: oneOf(listProtectableFields('hash', vendor)),
      }),
      credentials: z.union(vendor.credentialSets.map(credentialsOf)),
      options: needsOptions ? vendor.options : fields.options,
    })
    .check(z.meta({ title: vendor.title }));
}

const noDelta = z.optional(z.never().check(z.describe('This vendor cannot be asked for changed users only.')));

function credentialsOf(names: readonly string[]) {
  return z.strictObject(Object.fromEntries(names.map((name) => [name, secretReference])));
}
