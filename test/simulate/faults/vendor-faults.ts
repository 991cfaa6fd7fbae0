import { sharedTraps, type TrapName, type TrapWishes } from '../../../local/simulators/trap-settings.ts';
import type { VendorSite } from '../vendor/vendor-site.ts';
import type { World } from '../world.ts';
import { type FaultKind, faultKinds } from './fault-kinds.ts';
import { removeSomebody } from './vendor-changes.ts';

/** Arms one of the seed's traps at a vendor, for a few requests. */
export function armTrap(world: World, site: VendorSite): void {
  const { plan, random, trace, tally } = world;
  const armable = faultKinds.filter(
    (kind) => plan.chances.has(kind) && (site.traps.known as readonly string[]).includes(kind),
  );
  if (plan.chances.has('shuffled') && random.below(armable.length + 1) === 0) {
    site.isShuffled = !site.isShuffled;
    if (site.isShuffled) tally.count('shuffled');
  }
  if (armable.length === 0) return;
  const special = armable.filter((kind) => !common.has(kind));
  const name = random.pick(special.length > 0 && random.below(2) === 0 ? special : armable) as TrapName;
  const page = random.below(3);
  const wish = { times: 1 + random.below(4), ...(page > 0 && { page }), ...settingsOf(name, random.below(2) === 0) };
  trace.note(() => `  ${site.name} is told ${name} ${JSON.stringify(wish)}`);
  site.traps.arm(name, wish as TrapWishes[typeof name]);
  if (denying.has(name) && random.below(2) === 0) removeSomebody(world, site);
}

/** Every vendor knows these; what only one of them knows would hardly ever happen. */
const common: ReadonlySet<string> = new Set(sharedTraps.filter((name) => name !== 'badRow'));

/** These deny a list that is believable otherwise: it matters where somebody is missing in it. */
const denying: ReadonlySet<TrapName> = new Set(['unhealthy', 'isPartialResponse', 'badRow', 'totalMoves']);

/** Traps that have no effect on a first page, or on one page alone. */
const ofLaterPages: ReadonlySet<TrapName> = new Set([
  'offsetEchoedAsOne',
  'duplicateAcrossPages',
  'totalMoves',
  'removeWhileListing',
  'expiredCursor',
  'updatedSinceIgnored',
  'pageIgnored',
  'fromIgnored',
  'ignoreFirst',
  'shuffleOrder',
  'renameWhileListing',
]);

type Wish = { readonly [setting: string]: unknown };

/** An empty or halved list is so for every page of it, or nobody would believe it. Each way is as likely as the other one. */
const ways: { readonly [Name in TrapName]?: readonly [one: Wish, other: Wish] } = {
  halfList: [{ times: 3 }, { times: 12 }],
  emptyList: [{ times: 3 }, { times: 12 }],
  rowSecurity: [
    { times: 3, percent: 30 },
    { times: 12, percent: 30 },
  ],
  loseStatus: [{ times: 30 }, { times: 10 }],
  blankFields: [{ times: 30 }, { times: 10 }],
  badRow: [{ withId: true }, { withId: false, times: 12, page: 1 }],
  capPageSize: [
    { times: 6, size: 2 },
    { times: 2, size: 1 },
  ],
  unhealthy: [
    { times: 3, on: 'any' },
    { times: 1, on: 'any' },
  ],
};

function settingsOf(name: TrapName, isFirst: boolean): Wish {
  const [one, other] = ways[name] ?? [];
  if (one === undefined || other === undefined) return ofLaterPages.has(name) ? { page: undefined } : {};
  return { page: undefined, ...(isFirst ? one : other) };
}

/** Counts what traps have fired, and heals the vendor. */
export function healVendor({ tally }: World, site: VendorSite): void {
  countFirings(tally, site);
  site.traps.clear();
  site.isShuffled = false;
}

function countFirings(tally: World['tally'], { traps }: VendorSite): void {
  for (const kind of faultKinds as readonly FaultKind[])
    for (let times = traps.fired[kind as TrapName] ?? 0; times > 0; times -= 1) tally.count(kind);
}
