import * as z from 'zod/mini';
import { type SimulatedVendorName, simulatedVendors } from '../../../local/simulators/simulated-vendors.ts';
import { connectionId, cursor } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import type { Json } from '../../../src/model/json.ts';
import { newConnectionState, readStateItem, stateItem } from '../../../src/store/state-store.ts';
import { walk } from '../../conformance/vendor-under-test.ts';
import type { FuzzOutcome, FuzzTarget } from '../fuzz-target.ts';
import { createFuzzedVendor, type FuzzedVendor } from '../fuzzed-vendor.ts';
import { judgePage } from '../judge-page.ts';
import { shapeOf, takeRefusal } from '../oracles.ts';

const names = Object.keys(simulatedVendors) as SimulatedVendorName[];
const farMs = Date.UTC(2027, 0, 1);
const mostPages = 4;

const inputShape = z.looseObject({
  /** Without one it is a state that is read. */
  vendor: z.catch(z.optional(z.enum(names)), undefined),
  cursor: z.optional(z.unknown()),
  isDelta: z.catch(z.optional(z.boolean()), false),
  state: z.optional(z.unknown()),
});

/** Places in a list as another version or another process may have left them, and the state that names them. */
export async function openCursors(): Promise<FuzzTarget> {
  const vendors = new Map(names.map((name) => [name, createFuzzedVendor(name)]));
  const cursors: Json[] = [];
  for (const [vendor, fuzzed] of vendors) {
    const pages = await walk(fuzzed.open(fuzzed.simulated, true).list);
    // As JSON where it is JSON, so that its members are changed and not only its letters.
    cursors.push(...pages.flatMap(({ next }) => (next === null ? [] : [{ vendor, cursor: readJson(next) }])));
  }
  return {
    corpus: [...cursors, { state: sampleState() }],
    async run(input) {
      const read = inputShape.safeParse(input);
      if (!read.success) return { kind: 'refused', note: 'no input' };
      const { vendor, cursor: place, isDelta = false, state } = read.data;
      const fuzzed = vendor && vendors.get(vendor);
      if (fuzzed === undefined) return readState(state);
      return goOn(fuzzed, typeof place === 'string' ? place : (JSON.stringify(place) ?? ''), isDelta);
    },
  };
}

async function goOn(fuzzed: FuzzedVendor, place: string, isDelta: boolean): Promise<FuzzOutcome> {
  const { list } = fuzzed.open(fuzzed.simulated, true);
  const notes: string[] = [];
  try {
    let next: string | null = place;
    for (let page = 0; next !== null && page < mostPages; page += 1) {
      const since = isDelta ? { updatedSince: instant(0) } : {};
      const shown = await list.fetchPage({ cursor: cursor(next), deadlineMs: farMs, ...since });
      notes.push(judgePage(shown, list));
      next = shown.next;
    }
    return { kind: 'accepted', note: shapeOf(notes.join(' ')) };
  } catch (error) {
    return takeRefusal(error, { codes: ['vendor.'] });
  }
}

/** What the table holds was written by this program: that it cannot be read is a bug, and is said to be one. */
function readState(state: unknown): FuzzOutcome {
  try {
    const { checkpoint, delta } = readStateItem({ pk: 'connection#fuzz', sk: 'state', state });
    return { kind: 'accepted', note: `state ${JSON.stringify(checkpoint?.phase)} ${delta !== undefined}` };
  } catch (error) {
    return takeRefusal(error, { codes: ['internal.invariant'], alsoBugs: ['internal.invariant'] });
  }
}

function sampleState(): Json {
  const state = {
    ...newConnectionState(0, '0'.repeat(32)),
    delta: { since: instant(0) },
    checkpoint: {
      phase: 'walk',
      basis: {
        sweepId: 's1',
        mode: 'full',
        startedAt: instant(0),
        purpose: 'changes',
        directory: 'd',
        scope: '{}',
        projectionVersion: 'v',
      },
      tick: 2,
      staged: { blob: 'b', count: 0 },
      progress: { walks: 1, next: '{"page":2}', evidence: {} },
      compared: 'c',
    },
  };
  const item = stateItem(connectionId('fuzz'), { leaseToken: 0 }, state as never);
  return JSON.parse(JSON.stringify(item.state)) as Json;
}

function readJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
