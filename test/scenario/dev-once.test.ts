import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { feedEventSchema } from '../../src/events/feed-event.ts';
import { readEvents, runUcf, summariesOf } from '../support/run-ucf.ts';
import { runUcfHere } from '../support/run-ucf-here.ts';
import { type SimulatedAccount, startAccount, writeConnections } from '../support/simulated-account.ts';

let folder: string;
let accounts: readonly SimulatedAccount[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ucf-once-'));
  accounts = [await startAccount('openproject'), await startAccount('leen')];
});

afterEach(async () => {
  for (const { simulator } of accounts) await simulator.close();
  await rm(folder, { recursive: true });
});

/** In a process of its own where that is to be shown; the others save the start. */
async function runOnce(run: typeof runUcf = runUcfHere) {
  const config = await writeConnections(
    folder,
    accounts.map(({ connection }) => connection),
  );
  const env = Object.assign({}, ...accounts.map((account) => account.env)) as Record<string, string>;
  const events = join(folder, 'events.jsonl');
  const before = (await readEvents(events)).length;
  const ended = await run(
    ['dev', '--once', '--config', config, '--state', join(folder, 'state'), '--events', events],
    env,
  );
  return { run: ended, events: (await readEvents(events)).slice(before) };
}

function tellTale(events: Awaited<ReturnType<typeof runOnce>>['events']): readonly string[] {
  const tale = events.map(({ 'detail-type': type, detail }) => {
    const { connectionId, userId } = detail.metadata as { connectionId: string; userId?: string };
    return [type, connectionId, ...(userId === undefined ? [] : [userId])].join(' ');
  });
  return tale.sort();
}

describe('ucf dev --once', () => {
  it('prints baselines, then exactly what has changed, then nothing', async () => {
    const baseline = await runOnce(runUcf);
    const told = accounts.flatMap(({ simulator, connection }) =>
      simulator.directory
        .advance()
        .filter(({ kind }) => kind !== 'touched' && kind !== 'regrouped')
        .map((change) => ({ ...change, connectionId: String(connection.id) })),
    );
    const second = await runOnce();
    const third = await runOnce();

    expect(baseline.run.exitCode).toBe(0);
    expect(summariesOf(baseline.run)).toStrictEqual({
      'acme-openproject': 'baseline seen=12 created=0 updated=0 status_changed=0 deleted=0 held=0',
      'acme-leen': 'baseline seen=12 created=0 updated=0 status_changed=0 deleted=0 held=0',
    });
    expect(tellTale(baseline.events)).toStrictEqual([
      'connection.baseline_completed acme-leen',
      'connection.baseline_completed acme-openproject',
    ]);
    const expected = (kinds: readonly string[], type = (kind: string) => kind) =>
      told
        .filter(({ kind }) => kinds.includes(kind))
        .map(({ kind, connectionId, id }) => `user.${type(kind)} ${connectionId} ${id}`)
        .sort();
    expect(second.run.exitCode).toBe(0);
    const changes = expected(['created', 'updated', 'status_changed']);
    // One absence alone is no proof, but both vendors do not find who left, and do find somebody else.
    const leavers = expected(['removed'], () => 'deleted');
    expect(leavers.length).toBeGreaterThan(0);
    expect(tellTale(second.events)).toStrictEqual([...changes, ...leavers].sort());
    expect(third.events).toStrictEqual([]);
    expect(third.run.exitCode).toBe(0);
  });

  it('publishes events that keep the schema, numbered without a gap', async () => {
    await runOnce();
    for (const { simulator } of accounts) simulator.directory.advance();
    const { events } = await runOnce();

    for (const event of events)
      expect(feedEventSchema.safeParse({ type: event['detail-type'], ...event.detail }).error).toBeUndefined();
    for (const { connection } of accounts) {
      const own = events.map(({ detail }) => detail.metadata as { connectionId: string; sequence: number });
      const sequences = own
        .filter(({ connectionId }) => connectionId === connection.id)
        .map(({ sequence }) => sequence);
      expect(sequences).toStrictEqual(sequences.map((_, at) => at + 2));
    }
  });
});
