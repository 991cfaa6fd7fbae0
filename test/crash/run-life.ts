import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom, type Random } from '../../local/simulators/random.ts';
import { readEvents, startUcf, type UcfRun } from '../support/run-ucf.ts';
import { awaitMoment, chooseMoment, type KillMoment } from './kill-moment.ts';
import { differences, faultsInTheEnd, faultsSoFar } from './life-faults.ts';
import { type OutsideConsumers, startOutsideConsumers } from './outside-consumers.ts';
import { type OutsideVendors, startOutsideVendors } from './outside-vendors.ts';

export type LifeResult = {
  readonly moments: readonly KillMoment['kind'][];
  readonly events: number;
  readonly faults: readonly string[];
};

/** One state folder from its baseline to its end. */
type Life = {
  readonly vendors: OutsideVendors;
  readonly consumers: OutsideConsumers;
  readonly file: string;
  start(): ReturnType<typeof startUcf>;
};

/** By then a consumer has to know what the vendors have. */
const settleMs = 120_000;
/** Nothing may come any more that makes it wrong again. */
const quietMs = 3_000;

/** Lives one state folder through so many kills while its vendors' lists change, and looks whether anything was lost. */
export async function runLife(seed: string, kills: number): Promise<LifeResult> {
  const random = createRandom(seed);
  const folder = await mkdtemp(join(tmpdir(), 'ucf-crash-'));
  const vendors = await startOutsideVendors(seed, random);
  const consumers = await startOutsideConsumers(({ metadata, data }) =>
    vendors.textOf(metadata.connectionId, data.user),
  );
  try {
    const config = join(folder, 'connections.json');
    await writeFile(config, JSON.stringify({ connections: vendors.connections }));
    const file = join(folder, 'events.jsonl');
    const args = ['dev', '--config', config, '--state', join(folder, 'state'), '--events', file, ...consumers.words];
    const life = { vendors, consumers, file, start: () => startUcf(args, vendors.env) };
    const changing = keepChanging(vendors, createRandom(`${seed} changes`));
    const { moments, faults } = await killAgainAndAgain(life, random, kills);
    await changing.stop();
    const last = await endInPeace(life);
    return { moments, events: consumers.posted.length, faults: [...faults, ...last] };
  } finally {
    await consumers.close();
    await vendors.close();
    await rm(folder, { recursive: true });
  }
}

async function killAgainAndAgain(life: Life, random: Random, kills: number) {
  const moments: KillMoment['kind'][] = [];
  const faults: string[] = [];
  for (let kill = 1; kill <= kills; kill += 1) {
    const moment = chooseMoment(random);
    moments.push(moment.kind);
    const child = life.start();
    await awaitMoment(moment, child, life);
    child.kill();
    const found = [...noteFaults(await child.done, moment), ...(await faultsSoFar(life))];
    faults.push(...found.map((fault) => `kill ${kill} (${JSON.stringify(moment)}): ${fault}`));
    if (found.length > 0) break;
  }
  return { moments, faults };
}

/** What the process itself complained of, or why it ended before it was killed. */
function noteFaults({ exitCode, stderr }: UcfRun, moment?: KillMoment): readonly string[] {
  const complaints = stderr
    .split('\n')
    .filter((line) => /^(sweeping|publishing|dispatching|ucf:) |^ {4}at |internal\./.test(line));
  // Who is asked to stop may be done before he is killed.
  const mayEnd = exitCode === null || (moment?.kind === 'shutdown' && exitCode === 0);
  return [...complaints, ...(mayEnd ? [] : [`it ended by itself with ${exitCode}: ${stderr.slice(-500)}`])];
}

async function endInPeace(life: Life): Promise<readonly string[]> {
  const { vendors, consumers } = life;
  const child = life.start();
  const left = () => [...vendors.shown.keys()].flatMap((id) => differences(id, life));
  for (let waitedMs = 0; left().length > 0 && waitedMs < settleMs; waitedMs += 250) await sleep(250);
  await sleep(quietMs);
  child.stop();
  const run = await child.done;
  // What came last is given the time to be taken out of the queue.
  for (let waitedMs = 0; consumers.polled.length === 0 && waitedMs < quietMs; waitedMs += 100) await sleep(100);
  const ended = run.exitCode === 0 ? [] : [`the last run ended with ${run.exitCode}: ${run.stderr.slice(-500)}`];
  const complaints = noteFaults({ ...run, exitCode: null });
  const found = [...(await faultsSoFar(life)), ...faultsInTheEnd(life, await readEvents(life.file))];
  const said = found.length > 0 ? [`the last run said: ${run.stderr.slice(-2_000)}`] : [];
  return [...ended, ...complaints, ...found, ...said];
}

/** Lists change all the time, whether anybody looks or not. */
function keepChanging(vendors: OutsideVendors, random: Random) {
  let isStopping = false;
  const changing = (async () => {
    while (!isStopping) {
      await sleep(200 + random.below(1_200));
      await vendors.change();
    }
  })();
  return {
    async stop() {
      isStopping = true;
      await changing;
    },
  };
}
