import { createSimulatedDirectory } from '../../local/simulators/create-simulated-directory.ts';
import { createRandom, type Random } from '../../local/simulators/random.ts';
import { type SimulatedVendorName, simulatedVendors } from '../../local/simulators/simulated-vendors.ts';
import { type Simulator, startSimulator } from '../../local/simulators/start-simulator.ts';
import type { TrapName } from '../../local/simulators/trap-settings.ts';
import type { Environment } from '../../src/config/environment.ts';
import { vendorFacts } from '../conformance/vendor-facts.ts';

/** A vendor with the two connections that poll it, and what has happened there so far. */
export type SoakedVendor = {
  readonly simulator: Simulator;
  readonly connectionIds: readonly string[];
  /** When a fault was on. Open at its end while it is. */
  readonly faultTimes: { readonly name: TrapName; readonly fromMs: number; untilMs: number }[];
  readonly changeTimes: number[];
  /** How often each fault has had an effect. */
  readonly fired: Map<string, number>;
};

export type SoakedWorld = {
  readonly vendors: readonly SoakedVendor[];
  /** A connection file, and the secrets it names. */
  readonly connections: string;
  readonly environment: Environment;
  /** Lets happen what is due by now. */
  play(nowMs: number): void;
  /** Ends every fault. */
  calm(nowMs: number): void;
  close(): Promise<void>;
};

export type WorldRules = {
  readonly seed: string;
  readonly isCalm: boolean;
  readonly onChange: (vendor: SoakedVendor, userId: string) => void;
};

const usersPerVendor = 200;
const pageSize = 100;
const stepEveryMs = 15_000;
/** On average: at regular times they might fall between the sweeps, every one of them. */
const faultEveryMs = 20_000;
const faultVariesMs = 8_000;
const faultLastsMs = 7_000;

/** These would stop a connection for an hour, or its deltas for a day: as long as the whole soak. */
const notSoaked: ReadonlySet<TrapName> = new Set([
  'unauthorized',
  'forbidden',
  'remoteUnauthorized',
  'missingScopes',
  'accountBlocked',
  'updatedSinceIgnored',
  'updatedSinceUnlisted',
  'fromIgnored',
  'metadataVanishes',
  'sortRefused',
]);

/** Nothing is to wait for a decision because an hour has more changes than a company has in a day. */
const brakeOf = (maxPercent: number) => ({ maxCount: 1_000_000, maxPercent, neverAbove: 1_000_000 });
const brake = {
  created: brakeOf(1000),
  updated: brakeOf(1000),
  status_changed: brakeOf(100),
  deleted: brakeOf(100),
};

/** Five vendors that are up, each polled by two connections, the second of which asks for what changed in between. */
export async function startSoakedWorld({ seed, isCalm, onChange }: WorldRules): Promise<SoakedWorld> {
  const names = Object.keys(simulatedVendors) as SimulatedVendorName[];
  const vendors: SoakedVendor[] = [];
  const scripts: ((nowMs: number) => void)[] = [];
  for (const [at, vendor] of names.entries()) {
    const directory = createSimulatedDirectory({ vendor, seed, size: usersPerVendor, nowMs: Date.now });
    const simulator = await startSimulator({ vendor, directory, nowMs: Date.now });
    const connectionIds = [`${vendor}-lists`, `${vendor}-deltas`];
    const site = { simulator, connectionIds, faultTimes: [], changeTimes: [], fired: new Map() };
    vendors.push(site);
    const random = createRandom(`${seed}/${vendor}`);
    scripts.push(createScript({ site, random, delayMs: at * 3_000, isCalm, onChange }));
  }
  return {
    vendors,
    ...configure(vendors),
    play(nowMs) {
      for (const script of scripts) script(nowMs);
    },
    calm(nowMs) {
      for (const vendor of vendors) endFault(vendor, nowMs);
    },
    async close() {
      for (const { simulator } of vendors) await simulator.close();
    },
  };
}

type ScriptAsk = Pick<WorldRules, 'onChange' | 'isCalm'> & {
  readonly site: SoakedVendor;
  readonly random: Random;
  /** Vendors do not all change at once. */
  readonly delayMs: number;
};

function createScript({ site, random, delayMs, isCalm, onChange }: ScriptAsk): (nowMs: number) => void {
  let stepAtMs: number | undefined;
  let faultAtMs = 0;
  return (nowMs) => {
    if (stepAtMs === undefined) {
      stepAtMs = nowMs + delayMs;
      faultAtMs = nowMs + delayMs + 4_000;
    }
    if (nowMs >= stepAtMs) {
      stepAtMs += stepEveryMs;
      change(site, random, onChange);
      site.changeTimes.push(nowMs);
    }
    const running = site.faultTimes.at(-1);
    if (running?.untilMs === Number.POSITIVE_INFINITY && nowMs >= running.fromMs + faultLastsMs) endFault(site, nowMs);
    if (!isCalm && nowMs >= faultAtMs) {
      faultAtMs += faultEveryMs + random.below(faultVariesMs) - faultVariesMs / 2;
      beginFault(site, random, nowMs);
    }
  };
}

/** A step of the script, and as many leavers as keep the list as long as it was. */
function change(site: SoakedVendor, random: Random, onChange: WorldRules['onChange']): void {
  const { directory } = site.simulator;
  for (const { kind, id } of directory.advance()) if (kind !== 'touched' && kind !== 'regrouped') onChange(site, id);
  while (directory.people().length > usersPerVendor) {
    const { id } = random.pick(directory.people());
    directory.remove(id);
    onChange(site, id);
  }
}

function beginFault(site: SoakedVendor, random: Random, nowMs: number): void {
  const { traps } = site.simulator;
  const name = random.pick(traps.known.filter((known) => !notSoaked.has(known)));
  traps.arm(name, { times: 1 + random.below(3) });
  site.faultTimes.push({ name, fromMs: nowMs, untilMs: Number.POSITIVE_INFINITY });
}

function endFault({ simulator: { traps }, faultTimes, fired }: SoakedVendor, nowMs: number): void {
  const running = faultTimes.at(-1);
  if (running === undefined || running.untilMs !== Number.POSITIVE_INFINITY) return;
  running.untilMs = nowMs;
  fired.set(running.name, (fired.get(running.name) ?? 0) + traps.fired[running.name]);
  traps.clear();
}

function configure(vendors: readonly SoakedVendor[]): Pick<SoakedWorld, 'connections' | 'environment'> {
  const environment: Record<string, string> = {};
  const entries = vendors.flatMap(({ simulator, connectionIds }) => {
    const { vendor, baseUrl, credentials } = simulator;
    const facts = vendorFacts[vendor];
    const references = (facts?.credentials ?? []).map((name) => {
      const variable = `SOAK_${vendor}_${name}`.toUpperCase();
      environment[variable] = credentials[name] ?? '';
      return [name, { env: variable }];
    });
    return connectionIds.map((id, at) => ({
      id,
      vendor,
      tenantId: id,
      baseUrl,
      every: '10s',
      ...(at === 1 && facts?.delta !== undefined && { deltaEvery: '4s' }),
      baseline: 'emit',
      brake,
      credentials: Object.fromEntries(references),
      options: facts?.options(simulator, pageSize),
    }));
  });
  return { connections: JSON.stringify({ connections: entries }), environment };
}
