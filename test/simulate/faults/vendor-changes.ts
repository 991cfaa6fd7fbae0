import type { VendorSite } from '../vendor/vendor-site.ts';
import type { World } from '../world.ts';

/** Changes a vendor's users: somebody comes, goes or changes, now and then several at once. */
export function changeUsers(world: World, site: VendorSite): void {
  const { random } = world;
  const times = random.below(6) === 0 ? 4 : 1;
  for (let turn = 0; turn < times; turn += 1) changeOne(world, site);
}

/** Lets one user leave, if there is any. */
export function removeSomebody({ random, trace }: World, { directory, name }: VendorSite): void {
  const people = directory.people();
  if (people.length === 0) return;
  const { id } = random.pick(people);
  trace.note(() => `  ${name} loses ${id}`);
  directory.remove(id);
}

function changeOne({ random, trace }: World, { directory, name }: VendorSite): void {
  const people = directory.people();
  const act = random.below(10);
  if (people.length === 0 || act < 2) {
    const joiner = directory.add();
    trace.note(() => `  ${name} has a newcomer ${joiner.id}`);
    return;
  }
  const { id, status } = random.pick(people);
  trace.note(() => `  ${name} changes ${id} (${act})`);
  if (act < 5) directory.change(id, { familyName: `Name${random.below(4)}` });
  else if (act < 6) directory.touch(id);
  else if (act < 8) directory.setStatus(id, otherStatus(name, status));
  else directory.remove(id);
}

const statuses: { readonly [vendor: string]: readonly [string, string] } = {
  leen: ['ACTIVE', 'INACTIVE'],
  openproject: ['active', 'locked'],
  truto: ['active', 'inactive'],
  yuuvis: ['enabled', 'disabled'],
  delay: ['active', 'suspended'],
};

function otherStatus(vendor: string, status: string): string {
  const [active, blocked] = statuses[vendor] ?? ['active', 'inactive'];
  return status === active ? blocked : active;
}
