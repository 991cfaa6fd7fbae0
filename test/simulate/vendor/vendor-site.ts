import { createSimulatedDirectory } from '../../../local/simulators/create-simulated-directory.ts';
import type { Random } from '../../../local/simulators/random.ts';
import { replaceAnswer } from '../../../local/simulators/replace-answer.ts';
import type { SimulatedDirectory } from '../../../local/simulators/simulated-directory.ts';
import type { Answer, Ask } from '../../../local/simulators/simulated-vendor.ts';
import { findSimulatedVendor } from '../../../local/simulators/simulated-vendors.ts';
import { createTraps, type Traps } from '../../../local/simulators/traps.ts';

/** The vendors of the registry: with deltas and without, with probes that prove something, with totals, and with none of them. */
export const simulatedNames = ['leen', 'openproject', 'truto', 'yuuvis', 'delay'] as const;
export type SimulatedName = (typeof simulatedNames)[number];

/** What becomes of a request, apart from an answer. */
export type SiteAnswer = Answer | 'hangs' | 'breaks';

/** One vendor in this process, without a socket. */
export type VendorSite = {
  readonly name: SimulatedName;
  /** What stands before the path in a connection's base address. */
  readonly origin: string;
  readonly basePath: string;
  readonly credentials: Readonly<Record<string, string>>;
  readonly directory: SimulatedDirectory;
  readonly traps: Traps;
  /** Whether every list comes in another order. */
  isShuffled: boolean;
  answer(ask: Ask): SiteAnswer;
};

export type SiteOptions = {
  readonly name: SimulatedName;
  readonly origin: string;
  readonly seed: string;
  readonly size: number;
  readonly nowMs: () => number;
  readonly random: Random;
};

export function createVendorSite({ name, origin, seed, size, nowMs, random }: SiteOptions): VendorSite {
  const simulated = findSimulatedVendor(name);
  const directory = createSimulatedDirectory({ vendor: name, seed, size, nowMs });
  const traps = createTraps(simulated.traps);
  const shown = Object.create(directory, {
    people: { value: () => (site.isShuffled ? random.shuffle(directory.people()) : directory.people()) },
  }) as SimulatedDirectory;
  const world = { directory: shown, traps, nowMs };
  const server = simulated.open(world);
  const site: VendorSite = {
    name,
    origin,
    basePath: simulated.basePath,
    credentials: simulated.credentials,
    directory,
    traps,
    isShuffled: false,
    answer(ask) {
      const aim = server.aim(ask);
      if (aim === null) return server.fault(404);
      const refused = server.refuse(ask);
      if (refused !== null) return refused;
      if (traps.fire('hang', aim.spot)) return 'hangs';
      const answer = replaceAnswer(world, server, aim.spot, `${origin}/elsewhere`) ?? aim.answer();
      if (traps.fire('dropConnection', aim.spot)) return 'breaks';
      return traps.fire('truncatedBody', aim.spot) ? cutShort(answer) : answer;
    },
  };
  return site;
}

function cutShort(answer: Answer): Answer {
  return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
}
