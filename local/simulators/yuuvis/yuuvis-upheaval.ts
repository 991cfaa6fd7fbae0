import { createRandom } from '../random.ts';
import type { SimulatedPerson } from '../simulated-person.ts';
import type { World } from '../simulated-vendor.ts';
import type { Spot } from '../traps.ts';
import { compareByUserName, type YuuvisQuery } from './yuuvis-query.ts';

/** Everybody whom a request asks for, in the order of the list, after the traps that change either. */
export function listPeople(world: World, spot: Spot, query: YuuvisQuery): readonly SimulatedPerson[] {
  if (query.first === 0) reuseUserName(world, spot);
  else renameAcross(world, spot, query);
  const people = findPeople(world, query);
  if (people.length < 2 || !world.traps.fire('shuffleOrder', spot)) return people;
  return createRandom(`${world.directory.seed}/shuffle/${world.traps.fired.shuffleOrder}`).shuffle(people);
}

function findPeople({ directory }: World, { matches }: YuuvisQuery): readonly SimulatedPerson[] {
  return directory.people().filter(matches).toSorted(compareByUserName);
}

/** The last of the list, not read yet, becomes the first of it, which has been read. */
function renameAcross(world: World, spot: Spot, query: YuuvisQuery): void {
  const people = findPeople(world, query);
  const last = people[query.first] === undefined ? undefined : people.at(-1);
  if (last === undefined || !world.traps.fire('renameWhileListing', spot)) return;
  world.directory.change(last.id, { userName: `0.${last.userName}` });
}

/** Somebody is disabled and renamed, and his user name goes to somebody new, as the vendor recommends. */
function reuseUserName({ directory, traps }: World, spot: Spot): void {
  const leaver = directory.people().find(({ status }) => status === 'enabled');
  if (leaver === undefined || !traps.fire('reuseUserName', spot)) return;
  directory.change(leaver.id, { userName: `${leaver.userName}-disabled` });
  directory.setStatus(leaver.id, 'disabled');
  directory.add({ userName: leaver.userName });
}
