import { type ServedWorld, serveWorld } from './served-world.ts';

const rounds = 6;

/** A world in which there is something of everything to see: a morning of changes, a hold, a vendor that refuses. */
export async function livedInWorld(): Promise<ServedWorld> {
  const served = await serveWorld();
  const { world } = served;
  for (let round = 0; round < rounds; round += 1) {
    served.wait(15);
    await world.advance();
    await served.sweep();
  }
  const [leen, openproject] = world.simulators;
  for (const { id } of leen?.directory.people() ?? []) leen?.directory.setStatus(id, 'INACTIVE');
  openproject?.traps.arm('forbidden');
  served.wait(15);
  await served.sweep();
  return served;
}
