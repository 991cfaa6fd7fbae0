import * as z from 'zod/mini';
import { openUserList } from '../../../functions/open-user-list.ts';
import {
  findSimulatedVendor,
  type SimulatedVendorName,
  simulatedVendors,
} from '../../../local/simulators/simulated-vendors.ts';
import type { Simulator } from '../../../local/simulators/start-simulator.ts';
import { parseConnectionFile } from '../../../src/config/connection-file.ts';
import type { Connection } from '../../../src/model/connection.ts';
import type { Json } from '../../../src/model/json.ts';
import { vendors } from '../../../src/vendors/registry.ts';
import type { VendorIo } from '../../../src/vendors/vendor.ts';
import { vendorFacts } from '../../conformance/vendor-facts.ts';
import { Broken, type FuzzOutcome, type FuzzTarget } from '../fuzz-target.ts';
import { credentialMark, takeRefusal } from '../oracles.ts';

const inputShape = z.looseObject({
  runtime: z.catch(z.enum(['embedded', 'deployed']), 'embedded'),
  /** As JSON or, where it is a text, as it stands. */
  file: z.optional(z.unknown()),
});

const settings = {
  tenantId: 'acme',
  directoryId: 'acme-directory',
  every: '15m',
  deltaEvery: '5m',
  requestBudget: { requests: 10, per: '1m' },
  baseline: 'emit',
  deletion: { confirmSweeps: 3, probe: true, maxProbes: 5 },
  brake: { created: { maxCount: 10, maxPercent: 50, neverAbove: 100 }, deleted: { maxCount: 1, maxPercent: 1 } },
  fields: { ignore: ['title'], redact: ['phones'], hash: ['emails'] },
  payload: 'thin',
  users: { include: { userTypes: ['user'], emailDomains: ['acme.example'] }, exclude: { groups: ['robots'] } },
  paused: true,
  maintenance: [{ days: ['mon', 'sun'], from: '22:00', to: '04:30', timezone: 'Europe/Berlin' }],
  events: { sweepCompleted: true },
};

/** Connection files as people write them: wrong, half finished, and with a secret where its name should stand. */
export function openConnectionFiles(): FuzzTarget {
  return { corpus: [...samples()], run: async (input) => readFile(input) };
}

function* samples(): Generator<Json> {
  for (const vendor of Object.keys(simulatedVendors) as SimulatedVendorName[]) {
    const { credentials, basePath } = findSimulatedVendor(vendor);
    const facts = vendorFacts[vendor];
    const options = facts?.options({ credentials } as unknown as Simulator, 50) ?? {};
    const entry = { id: `acme-${vendor}`, vendor, baseUrl: `https://${vendor}.example${basePath}`, options };
    const named = (reference: object) =>
      Object.fromEntries((facts?.credentials ?? []).map((name) => [name, reference]));
    const files = [
      { runtime: 'embedded', file: { connections: [{ ...entry, credentials: named({ env: 'ACME_KEY' }) }] } },
      {
        runtime: 'deployed',
        file: { connections: [{ ...entry, ...settings, credentials: named({ ssm: '/user-change-feed/acme' }) }] },
      },
      {
        runtime: 'deployed',
        file: { connections: [{ ...entry, credentials: named({ secretsManager: 'acme', field: 'key' }) }] },
      },
      {
        runtime: 'embedded',
        file: {
          connections: [
            {
              ...entry,
              credentials: Object.fromEntries((facts?.credentials ?? []).map((name) => [name, credentialMark])),
            },
          ],
        },
      },
      {
        runtime: 'embedded',
        file: `{"connections": [{"id": "a", // a comment\n "credentials": {"apiKey": '${credentialMark}'},}]}`,
      },
    ];
    yield* files as Json[];
  }
}

function readFile(input: Json): FuzzOutcome {
  const read = inputShape.safeParse(input);
  if (!read.success) return { kind: 'refused', note: 'no input' };
  const { runtime, file } = read.data;
  const text = typeof file === 'string' ? file : (JSON.stringify(file) ?? '');
  // A mark that stands elsewhere is no secret any more: any other value may be shown.
  const isSecret = !withoutCredentials(file).toLowerCase().includes(credentialMark.toLowerCase());
  const rules = { vendors, runtime, fileName: 'connections.json' };
  try {
    const { connections } = parseConnectionFile(text, rules);
    for (const connection of connections) judgeConnection(connection);
    return {
      kind: 'accepted',
      note: connections
        .map(({ vendor, ...keys }) => `${vendor} ${Object.keys(keys)}`)
        .join(' ')
        .slice(0, 300),
    };
  } catch (error) {
    return takeRefusal(error, { codes: ['config.invalid'], mayTell: !isSecret });
  }
}

/** @throws Broken where a connection that was accepted cannot be kept, or opened */
function judgeConnection(connection: Connection): void {
  const kept = JSON.parse(JSON.stringify(connection)) as Connection;
  const list = openUserList(kept, {
    findVendor: (id) => vendors.find((vendor) => vendor.id === id),
    io: {} as VendorIo,
    resolveCredentials: async () => ({}),
  });
  if (list.scope === 'unusable') throw new Broken('unusable', `accepted, and not usable: ${connection.vendor}`);
  if (!(list.everySeconds >= 1)) throw new Broken('interval', `every ${list.everySeconds} s`);
}

function withoutCredentials(file: unknown): string {
  return JSON.stringify(readText(file), (key, value: unknown) => (key === 'credentials' ? null : value)) ?? '';
}

/** What is not JSON is refused with a place in it, and nothing is shown. */
function readText(file: unknown): unknown {
  if (typeof file !== 'string') return file;
  try {
    return JSON.parse(file);
  } catch {
    return null;
  }
}
