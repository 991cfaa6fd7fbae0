import { describe, expect, it } from 'vitest';
import { sweepId } from '../../../src/model/ids.ts';
import { type Checkpoint, type CommitPlan, checkpointGone } from '../../../src/sweep/checkpoint.ts';
import { clearAway } from '../../../src/sweep/clear-away.ts';
import type { ConnectionState } from '../../../src/sweep/connection-state.ts';
import { finishSweep } from '../../../src/sweep/finish-sweep.ts';
import { noCounts, type SweepReport } from '../../../src/sweep/sweep-report.ts';
import { anEvidence, at } from '../../support/builders.ts';
import { aKnownHold } from '../../support/known-hold.ts';
import { createMemoryStore } from '../../support/memory-store.ts';
import { all } from '../store/sample-log.ts';
import { acme, aSweep } from './a-sweep.ts';

const { hold } = aKnownHold();
const noHolds = { absent: { sweepId: sweepId('sweep-1'), count: 0 }, holds: [] };

function aReport(given: Partial<SweepReport> = {}): Omit<SweepReport, 'endedAt'> {
  return {
    connectionId: acme,
    vendor: 'scripted',
    sweepId: sweepId('sweep-1'),
    mode: 'full',
    purpose: 'baseline',
    outcome: 'complete',
    startedAt: at(59),
    counts: noCounts,
    evidence: anEvidence(),
    deniedBy: [],
    ticks: 1,
    holds: [],
    ...given,
  };
}

type Given = {
  readonly report?: Partial<SweepReport>;
  readonly state?: Partial<ConnectionState>;
  readonly conclusion?: CommitPlan['conclusion'];
  readonly garbage?: readonly string[];
  readonly blobs?: readonly string[];
};

/** Ends a sweep with this report, and tells what it left. */
async function finish({ report, state, conclusion = noHolds, garbage = [], blobs = [] }: Given) {
  const store = createMemoryStore();
  for (const name of blobs) await store.writeBlob(acme, name, new Uint8Array(1));
  const sweep = await aSweep({ store, ...(state && { state }) });
  const plan = { report: aReport(report), conclusion } as CommitPlan;
  const ended = await finishSweep(sweep, plan, sweep.held.state, garbage);
  const after = (await store.readState(acme)) as ConnectionState;
  return { ended, after, blobs: [...store.blobs.keys()], store };
}

const denied = { deniedBy: ['no_end_signal'] } as const;

describe(finishSweep, () => {
  it('ends the report, and gives the lease back with the state as it is after the sweep', async () => {
    const { ended, after, store } = await finish({ state: { attempts: 2, dueAt: at(60) } });

    expect(ended).toStrictEqual({ ...aReport(), endedAt: at(61) });
    expect(after).toMatchObject({ attempts: 0, failures: 0, dueAt: at(61), fullDueAt: at(61), watchAt: at(61) });
    expect(after.projectionVersion).toMatch(/./);
    expect(after).not.toHaveProperty('checkpoint');
    const ask = { holder: 'next', nowMs: 0, expiresAtMs: 1, ownsAllLeases: false };
    expect(await store.acquireLease(acme, ask)).toMatchObject({ kind: 'taken', tookOver: false });
  });

  it('counts full sweeps that did not complete, until one does', async () => {
    const failures = async (report: Partial<SweepReport>) =>
      (await finish({ report, state: { failures: 4 } })).after.failures;

    expect(await failures(denied)).toBe(5);
    expect(await failures({})).toBe(0);
    expect(await failures({ mode: 'delta', ...denied })).toBe(4);
    expect(await failures({ mode: 'delta' })).toBe(4);
  });

  it('remembers by how much a total differs, of full lists that came to their end', async () => {
    const gap = async (report: Partial<SweepReport>, endedByVendor = true) => {
      const evidence = anEvidence({ lastTotal: 13, endedByVendor });
      return (await finish({ report: { ...report, evidence }, state: { usualGap: 1 } })).after.usualGap;
    };

    expect(await gap({})).toBe(3);
    expect(await gap(denied)).toBe(3);
    expect(await gap({}, false)).toBe(1);
    expect(await gap({ mode: 'delta' })).toBe(1);
  });

  it('deletes blobs that nobody names any more, once the state says so', async () => {
    const checkpoint = { phase: 'walk', staged: { parts: [] }, compared: 'compared' } as unknown as Checkpoint;
    const state = { absent: { sweepId: sweepId('sweep-0'), count: 1, blob: 'absent 0' }, holds: [hold], checkpoint };
    const conclusion = { absent: { sweepId: sweepId('sweep-1'), count: 1, blob: 'absent 1' }, holds: [hold] };
    const blobs = ['absent 0', 'absent 1', 'compared', 'hold/hold-1', 'garbage', 'of another'];

    const { blobs: left, after } = await finish({ state, conclusion, blobs, garbage: ['garbage'] });

    expect(left).toStrictEqual(['absent 1', 'hold/hold-1', 'of another']);
    expect(after).toMatchObject(conclusion);
    expect(after).not.toHaveProperty('checkpoint');
  });
});

describe(clearAway, () => {
  const planned = { ...hold, holdId: 'planned' as never, members: '000000000000/planned' };
  const other = { ...hold, holdId: 'other' as never };

  /** Clears away before a sweep over these holds on record, and tells which of them have ended. */
  async function clear(state: Partial<ConnectionState>) {
    const store = createMemoryStore();
    const names = ['000000000000/left', '000000000000/planned', '000000000001/1763'];
    for (const name of names) await store.writeBlob(acme, name, new Uint8Array(1));
    for (const one of [hold, planned, other]) await store.writeHold({ connectionId: acme, hold: one, preview: ['x'] });
    const end = { ending: 'released', at: at(1), settled: 1, dissolved: 0 } as const;
    await store.writeHold({ connectionId: acme, hold: { ...hold, holdId: 'over' as never }, preview: [], end });
    const { ports, held } = await aSweep({ store, state });
    await clearAway(ports, held);
    const records = await all(store.listHolds(acme));
    const ended = records.map((record) => `${record.hold.holdId} ${record.end?.ending ?? 'open'}`).sort();
    return { ended, blobs: [...store.blobs.keys()], records };
  }

  it('ends records of holds that no state knows, and deletes what ticks that died have left', async () => {
    const { ended, blobs, records } = await clear({ holds: [hold] });

    expect(ended).toStrictEqual(['hold-1 open', 'other dissolved', 'over released', 'planned dissolved']);
    expect(blobs).toStrictEqual(['000000000001/1763']);
    expect(records.find((record) => record.hold.holdId === 'other')).toStrictEqual({
      connectionId: 'acme',
      hold: other,
      preview: [],
      end: { ending: 'dissolved', at: at(61), settled: 0, dissolved: 1 },
    });
  });

  it('leaves what a commit that is decided will name', async () => {
    const conclusion = { ...noHolds, holds: [planned] };
    const checkpoint = { phase: 'commit', staged: { parts: [] }, plan: { conclusion } } as unknown as Checkpoint;

    const { ended, blobs } = await clear({ checkpoint });

    expect(ended).toStrictEqual(['hold-1 dissolved', 'other dissolved', 'over released', 'planned open']);
    expect(blobs).toStrictEqual(['000000000000/planned', '000000000001/1763']);
  });

  it('takes the holds of a walk for none', async () => {
    const checkpoint = { phase: 'walk', staged: { parts: [] }, compared: 'compared' } as unknown as Checkpoint;

    expect((await clear({ checkpoint })).ended[0]).toBe('hold-1 dissolved');
  });
});

describe(checkpointGone, () => {
  it('says of which connection a part is gone', () => {
    expect(checkpointGone(acme, 'compared')).toMatchObject({
      code: 'sweep.checkpoint_gone',
      message: "acme: a part of the sweep's checkpoint is gone, so it starts over",
      context: { connectionId: 'acme', blob: 'compared' },
    });
  });
});
