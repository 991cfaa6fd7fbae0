import * as z from 'zod/mini';
import type { SimulatedDirectory } from '../../local/simulators/simulated-directory.ts';
import { findSimulatedVendor } from '../../local/simulators/simulated-vendors.ts';
import type { Simulator } from '../../local/simulators/start-simulator.ts';
import type { ToldSimulators } from '../api/told-simulator.ts';
import { refusal } from './refusal.ts';

/** More people than this are not shown. */
const maxPeople = 200;

/** Every simulated vendor with its people and traps. */
export function tellSimulators(simulators: readonly Simulator[]): ToldSimulators {
  return {
    simulators: simulators.map(({ vendor, requests, directory, traps }) => ({
      vendor,
      connectionId: `simulated-${vendor}`,
      requests,
      step: directory.step,
      people: directory
        .people()
        .slice(0, maxPeople)
        .map(({ id, givenName, familyName, title, status }) => ({
          id,
          name: `${givenName} ${familyName}`,
          title,
          status,
        })),
      traps: traps.known.map((name) => ({ name, isOn: name in traps.armed(), fired: traps.fired[name] })),
    })),
  };
}

const orderSchema = z.discriminatedUnion('act', [
  z.strictObject({ act: z.enum(['advance', 'add', 'remove_most', 'block_all', 'disarm_all']) }),
  z.strictObject({ act: z.enum(['rename', 'block', 'activate', 'remove']), id: z.string() }),
  z.strictObject({ act: z.enum(['arm', 'disarm']), trap: z.string() }),
]);

/** Over half: as much as makes a list collapse. */
const most = 0.6;

/** Does to a simulated vendor what its administrators, or its servers, might do. @throws a refusal where it cannot be done */
export function steerSimulator(simulators: readonly Simulator[], vendor: string, body: unknown): ToldSimulators {
  const simulator = simulators.find((one) => one.vendor === vendor);
  if (simulator === undefined) throw refusal(404, `there is no simulated ${vendor}`);
  const order = orderSchema.safeParse(body);
  if (!order.success) throw refusal(400, 'expected an act that simulators know');
  try {
    obey(simulator, order.data);
  } catch (error) {
    throw refusal(409, error instanceof Error ? error.message : String(error));
  }
  return tellSimulators(simulators);
}

type Order = z.output<typeof orderSchema>;

function obey({ vendor, directory, traps }: Simulator, order: Order): void {
  if ('trap' in order) {
    const trap = order.trap as (typeof traps.known)[number];
    if (order.act === 'arm') traps.arm(trap);
    else traps.disarm(trap);
    return;
  }
  const { statuses } = findSimulatedVendor(vendor).dialect;
  if ('id' in order) steerPerson(directory, order, statuses);
  else steerAll(directory, order.act, statuses.blocked);
  if (order.act === 'disarm_all') for (const name of traps.known) traps.disarm(name);
}

function steerPerson(
  directory: SimulatedDirectory,
  { act, id }: Extract<Order, { readonly id: string }>,
  { active, blocked }: { readonly active: string; readonly blocked: string },
): void {
  if (act === 'remove') directory.remove(id);
  else if (act === 'rename') directory.change(id, { familyName: nextName(directory.find(id)?.familyName ?? '') });
  else directory.setStatus(id, act === 'block' ? blocked : active);
}

function steerAll(directory: SimulatedDirectory, act: Exclude<Order['act'], 'arm' | 'disarm'>, blocked: string): void {
  const people = directory.people();
  if (act === 'advance') directory.advance();
  if (act === 'add') directory.add();
  if (act === 'remove_most')
    for (const { id } of people.slice(0, Math.ceil(people.length * most))) directory.remove(id);
  if (act === 'block_all') for (const { id } of people) directory.setStatus(id, blocked);
}

/** A name that differs from the one before every time. */
function nextName(name: string): string {
  return name.endsWith('-Berg') ? name.slice(0, -'-Berg'.length) : `${name}-Berg`;
}
