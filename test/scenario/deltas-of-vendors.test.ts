import { Agent } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openUserList } from '../../functions/open-user-list.ts';
import { createSimulatedDirectory } from '../../local/simulators/create-simulated-directory.ts';
import { type Simulator, startSimulator } from '../../local/simulators/start-simulator.ts';
import { parseConnectionFile } from '../../src/config/connection-file.ts';
import { epochMs, type Instant, instant } from '../../src/model/instant.ts';
import { deltaOverlapMs } from '../../src/sweep/begin-sweep.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import { createHttpClient } from '../../src/vendors/http/create-http-client.ts';
import { createTokenCache } from '../../src/vendors/http/create-token-cache.ts';
import type { HttpRequest } from '../../src/vendors/http/http-client.ts';
import { createSessionCookies } from '../../src/vendors/http/session-cookies.ts';
import { findVendor, vendors } from '../../src/vendors/registry.ts';
import { vendorFacts } from '../conformance/vendor-facts.ts';
import { contractFaults } from '../support/consumer.ts';
import { startTestTable, type TestTable } from '../support/test-table.ts';
import { type ToldStory, tellStory } from '../support/told-story.ts';

let table: TestTable;
const dispatcher = new Agent();
const simulators: Simulator[] = [];

beforeAll(async () => {
  table = await startTestTable();
});

afterEach(() => Promise.all(simulators.splice(0).map((simulator) => simulator.close())));

afterAll(async () => {
  await dispatcher.destroy();
  await table.close();
});

const names = ['leen', 'delay', 'truto'] as const;
type Name = (typeof names)[number];

/** Where a vendor is told since when, and by how much earlier it is asked. */
const filters: Record<Name, { readonly parameter: string; readonly overlapMs: number }> = {
  leen: { parameter: 'updatedSince', overlapMs: 6 * 3_600_000 },
  delay: { parameter: 'updated_at_from', overlapMs: 0 },
  truto: { parameter: 'updated_at[gt]', overlapMs: 0 },
};

type VendorStory = {
  readonly story: ToldStory;
  readonly simulator: Simulator;
  readonly urls: URL[];
  sweep(mode: 'full' | 'delta'): ReturnType<ToldStory['sweep']>;
  /** The filter of each list request since the last question. */
  asked(): readonly (string | null)[];
};

/** Twelve users at a simulator, over the vendor's own code and ours, after the baseline. */
async function tellOf(name: Name): Promise<VendorStory> {
  const story = await tellStory(table, []);
  const nowMs = () => story.clock.nowMs;
  const directory = createSimulatedDirectory({ vendor: name, seed: 'deltas', size: 12, nowMs });
  const simulator = await startSimulator({ vendor: name, directory, nowMs });
  simulators.push(simulator);
  const urls: URL[] = [];
  const list = openList(name, { story, simulator, urls });
  const sweep = (mode: 'full' | 'delta') => story.sweep({ ...list, connectionId: story.id }, { mode });
  await sweep('full');
  urls.length = 0;
  story.news();
  const asked = () => {
    const listed = urls.splice(0).filter(({ pathname }) => /users$/.test(pathname));
    return listed.map(({ searchParams }) => searchParams.get(filters[name].parameter));
  };
  return { story, simulator, urls, sweep, asked };
}

type Asking = { readonly story: ToldStory; readonly simulator: Simulator; readonly urls: URL[] };

function openList(name: Name, { story, simulator, urls }: Asking): UserList {
  const facts = vendorFacts[name];
  if (facts === undefined) throw new Error(`nothing is known of ${name}`);
  const nowMs = () => story.clock.nowMs;
  const http = createHttpClient({ dispatcher, nowMs, sleep: async () => undefined, random: () => 0.5 });
  const watched = {
    requestJson(request: HttpRequest) {
      urls.push(new URL(request.url));
      return http.requestJson(request);
    },
  };
  const entry = {
    id: 'acme',
    vendor: name,
    baseUrl: simulator.baseUrl,
    deltaEvery: '2m',
    credentials: Object.fromEntries(facts.credentials.map((key) => [key, { env: key.toUpperCase() }])),
    options: facts.options(simulator, 5),
  };
  const file = { vendors, runtime: 'embedded', fileName: 'deltas.json' } as const;
  const [connection] = parseConnectionFile(JSON.stringify({ connections: [entry] }), file).connections;
  if (connection === undefined) throw new TypeError('expected a connection');
  return openUserList(connection, {
    findVendor,
    io: { http: watched, tokens: createTokenCache(nowMs), sessions: createSessionCookies() },
    resolveCredentials: async () => simulator.credentials,
  });
}

describe.each(names)('deltas of %s', (name) => {
  const { overlapMs } = filters[name];
  const askedFor = (since: Instant) => instant(epochMs(since) - deltaOverlapMs - overlapMs);

  it('ask with the filter, and publish whoever joined, changed or was suspended', async () => {
    const { story, simulator, sweep, asked } = await tellOf(name);
    const { directory } = simulator;
    const [first, second, third] = directory.people().filter(({ status }) => /^active$/i.test(status));
    const { delta } = await story.state();
    story.clock.nowMs += 60_000;
    directory.change(first?.id ?? '', { familyName: 'Renamed' });
    directory.setStatus(second?.id ?? '', name === 'delay' ? 'suspended' : name === 'leen' ? 'INACTIVE' : 'inactive');
    directory.touch(third?.id ?? '');
    const joiner = directory.add();

    const report = await sweep('delta');
    const questions = asked();
    await sweep('delta');
    await sweep('full');

    expect([report.mode, report.outcome, report.counts.seen, report.counts.unchanged]).toStrictEqual([
      'delta',
      'complete',
      4,
      1,
    ]);
    expect(questions).toStrictEqual([askedFor(delta?.since as Instant)]);
    expect(story.news().toSorted()).toStrictEqual(
      [`user.updated ${first?.id}`, `user.status_changed ${second?.id}`, `user.created ${joiner.id}`].toSorted(),
    );
    expect(story.newsOf(joiner.id)[0]?.metadata.sweep).toMatchObject({ mode: 'delta', usersSeen: 4 });
    expect(contractFaults(story.received)).toStrictEqual([]);
  });

  it('delete nobody who is not listed, and leave that to full sweeps', async () => {
    const { story, simulator, sweep } = await tellOf(name);
    const [leaver] = simulator.directory.people();
    simulator.directory.remove(leaver?.id ?? '');

    const deltas = [await sweep('delta'), await sweep('delta'), await sweep('delta')];
    const soFar = story.news();
    await sweep('full');
    await sweep('full');

    expect([deltas.map(({ counts }) => counts.deleted), soFar]).toStrictEqual([[0, 0, 0], []]);
    expect(story.news()).toStrictEqual([`user.deleted ${leaver?.id}`]);
  });

  it('are given up for a day where the vendor ignores the filter, and change nothing', async () => {
    const { story, simulator, sweep } = await tellOf(name);
    simulator.traps.arm('updatedSinceIgnored');
    const before = await story.state();

    const report = await sweep('delta');

    const after = await story.state();
    expect([report.outcome, report.isFilterIgnored, report.counts.seen]).toStrictEqual(['complete', true, 12]);
    expect([after.position, after.delta?.ignoredAt, after.dueAt]).toStrictEqual([
      before.position,
      report.endedAt,
      after.fullDueAt,
    ]);
    expect(story.news()).toStrictEqual([]);
  });
});

describe('deltas of leen', () => {
  it('publish a deletion that the vendor reports', async () => {
    const { story, simulator, sweep } = await tellOf('leen');
    const [leaver] = simulator.directory.people();
    simulator.directory.remove(leaver?.id ?? '');
    simulator.traps.arm('tombstones', { on: 'any' });

    await sweep('delta');
    simulator.traps.clear();
    await sweep('delta');

    expect(story.news()).toStrictEqual([`user.deleted ${leaver?.id}`]);
    expect(story.newsOf(leaver?.id ?? '')[0]?.metadata.reason).toStrictEqual({ code: 'vendor_reported' });
  });

  it('never send the filter beside a cursor', async () => {
    const { story, simulator, urls, sweep } = await tellOf('leen');
    story.clock.nowMs += 60_000;
    for (const { id } of simulator.directory.people().slice(0, 8)) simulator.directory.touch(id);

    const { counts, evidence } = await sweep('delta');

    expect([counts.seen, evidence.pages]).toStrictEqual([8, 2]);
    expect(
      urls.map(({ searchParams }) => [searchParams.has('updatedSince'), searchParams.has('cursor')]),
    ).toStrictEqual([
      [true, false],
      [false, true],
    ]);
  });
});

describe('deltas of truto', () => {
  it('are refused where its meta route does not list the filter, without a question for users', async () => {
    const { story, simulator, sweep, asked } = await tellOf('truto');
    simulator.traps.arm('updatedSinceUnlisted');
    const before = await story.state();

    const report = await sweep('delta');

    const after = await story.state();
    expect([report.mode, report.outcome, report.failure?.code]).toStrictEqual([
      'delta',
      'failed',
      'sweep.delta_unsupported',
    ]);
    expect([after.delta?.ignoredAt, after.delta?.since]).toStrictEqual([report.endedAt, before.delta?.since]);
    expect([after.dueAt, after.fullDueAt, after.failures]).toStrictEqual([before.fullDueAt, before.fullDueAt, 0]);
    expect([asked(), story.news()]).toStrictEqual([[], []]);
  });
});
