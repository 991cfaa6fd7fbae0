import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../local/simulators/random.ts';
import type { UcfChild } from '../support/run-ucf.ts';
import type { OutsideConsumers } from './outside-consumers.ts';
import type { OutsideVendors } from './outside-vendors.ts';

/** When a process is killed: at a time of its start or its life, at a request, at an event, or while it shuts down. */
export type KillMoment =
  | Timed<'start'>
  | Timed<'time'>
  | Counted<'request'>
  | Counted<'event'>
  | (Timed<'shutdown'> & { readonly stoppingMs: number });

type Timed<Kind> = { readonly kind: Kind; readonly ms: number };
type Counted<Kind> = { readonly kind: Kind; readonly count: number };

const kinds: readonly KillMoment['kind'][] = ['start', 'request', 'event', 'time', 'shutdown'];
/** About as long as a start takes on a machine that has something else to do. */
const startMs = 2_500;
const lifeMs = 4_000;
/** A process in which so much does not happen is killed all the same. */
const patienceMs = 12_000;

export function chooseMoment(random: Random): KillMoment {
  const kind = random.pick(kinds);
  if (kind === 'start') return { kind, ms: random.below(startMs) };
  if (kind === 'time') return { kind, ms: startMs + random.below(lifeMs) };
  if (kind === 'shutdown') return { kind, ms: random.below(lifeMs), stoppingMs: random.below(300) };
  return { kind, count: 1 + random.below(kind === 'event' ? 40 : 150) };
}

export type Around = { readonly vendors: OutsideVendors; readonly consumers: OutsideConsumers };

/** Resolves at the moment, or when the process has ended by itself. */
export async function awaitMoment(moment: KillMoment, child: UcfChild, around: Around): Promise<void> {
  const giveUp = new AbortController();
  const patience = sleep(patienceMs, undefined, { signal: giveUp.signal }).catch(() => undefined);
  await Promise.race([child.done, reach(moment, child, around, giveUp.signal), patience]);
  giveUp.abort();
}

async function reach(
  moment: KillMoment,
  child: UcfChild,
  { vendors, consumers }: Around,
  signal: AbortSignal,
): Promise<void> {
  if (moment.kind === 'start' || moment.kind === 'time') return sleep(moment.ms);
  if (moment.kind === 'event') return consumers.heard(moment.count);
  if (moment.kind === 'request') {
    const wanted = vendors.requests() + moment.count;
    while (vendors.requests() < wanted && !signal.aborted) await sleep(1);
    return;
  }
  await child.noted('press Ctrl+C');
  await sleep(moment.ms);
  child.stop();
  await sleep(moment.stoppingMs);
}
