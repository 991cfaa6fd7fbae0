import { createSimulatedDirectory } from '../../local/simulators/create-simulated-directory.ts';
import type { SimulatedPerson } from '../../local/simulators/simulated-person.ts';
import { findSimulatedVendor, type SimulatedVendorName } from '../../local/simulators/simulated-vendors.ts';
import { type Simulator, startSimulator } from '../../local/simulators/start-simulator.ts';

/** One person each, and what has become of them. */
export type Happened = {
  readonly created: SimulatedPerson;
  readonly updated: SimulatedPerson;
  readonly statusChanged: SimulatedPerson;
  readonly deleted: SimulatedPerson;
};

/** A simulated vendor, and an operator's account there. */
export type VendorAccount = {
  readonly connectionId: string;
  /** As it stands in a connection file; its secrets are named and not there. */
  readonly connection: object;
  /** The secrets it names, for SSM. */
  readonly parameters: { readonly [name: string]: string };
  readonly simulator: Simulator;
  /** Those who are listed, by name: none of it may be in a log. */
  names(): readonly string[];
  /** Somebody joins, somebody marries, somebody is locked out and somebody leaves. */
  change(): Happened;
  rename(): SimulatedPerson;
};

/** What a connection to each vendor names besides its address, and which of what the vendor accepts is secret. */
const settings: Record<
  SimulatedVendorName,
  { readonly secrets: readonly string[]; readonly options: readonly string[] }
> = {
  leen: { secrets: ['apiKey'], options: ['connectionId'] },
  openproject: { secrets: ['apiKey'], options: [] },
  yuuvis: { secrets: ['username', 'password'], options: ['tenant'] },
  truto: { secrets: ['token'], options: ['integratedAccountId'] },
  delay: { secrets: ['token'], options: [] },
};

const size = 30;

export const vendorNames = Object.keys(settings) as readonly SimulatedVendorName[];

export async function startVendorAccount(vendor: SimulatedVendorName): Promise<VendorAccount> {
  const directory = createSimulatedDirectory({ vendor, seed: 'deployed', size, nowMs: Date.now });
  const simulator = await startSimulator({ vendor, directory, nowMs: Date.now });
  const { statuses } = findSimulatedVendor(vendor).dialect;
  const { secrets, options } = settings[vendor];
  const connectionId = `acme-${vendor}`;
  const nameOf = (secret: string) => `/user-change-feed/${connectionId}/${secret}`;
  let renamed = 0;
  const actives = () => directory.people().filter(({ status }) => status === statuses.active);
  const pick = (place: number): SimulatedPerson => {
    const person = actives()[place];
    if (person === undefined) throw new Error(`${vendor} has only ${place} active people`);
    return person;
  };
  return {
    connectionId,
    connection: {
      id: connectionId,
      vendor,
      tenantId: 'acme',
      baseUrl: simulator.baseUrl,
      every: '1m',
      credentials: Object.fromEntries(secrets.map((secret) => [secret, { ssm: nameOf(secret) }])),
      options: Object.fromEntries(options.map((option) => [option, simulator.credentials[option]])),
    },
    parameters: Object.fromEntries(secrets.map((secret) => [nameOf(secret), simulator.credentials[secret] ?? ''])),
    simulator,
    change() {
      const [updated, statusChanged, deleted] = [pick(0), pick(1), pick(2)];
      return {
        created: directory.add(),
        updated: directory.change(updated.id, { familyName: 'Umbenannt' }),
        statusChanged: directory.setStatus(statusChanged.id, statuses.blocked),
        deleted: directory.remove(deleted.id),
      };
    },
    names: () => directory.people().flatMap(({ familyName, userName, email }) => [familyName, userName, email]),
    rename() {
      renamed += 1;
      return directory.change(pick(3).id, { familyName: `Spaeter${renamed}` });
    },
  };
}
