import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UserEvent } from '../../src/events/feed-event.ts';
import { dumpTable } from '../scenario/ucf-story.ts';
import { readEvents, summariesOf } from '../support/run-ucf.ts';
import { runUcfHere } from '../support/run-ucf-here.ts';
import { type SimulatedAccount, startAccount, writeConnections } from '../support/simulated-account.ts';

/** What `ucf dev --once` of an older commit left, three times over these users, of whom the last twice had changes to tell. */
type OlderState = { readonly commit: string; readonly what: string; readonly files: Readonly<Record<string, string>> };

const stepsBefore = 2;
const fixtures = new URL('older-states/', import.meta.url);

let folder: string;
let account: SimulatedAccount;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ucf-versions-'));
  account = await startAccount('openproject', { directoryId: 'acme', baseline: 'emit' });
});

afterEach(async () => {
  await account.simulator.close();
  await rm(folder, { recursive: true });
});

const state = () => join(folder, 'state');

async function layOut({ files }: OlderState): Promise<void> {
  for (const [path, packed] of Object.entries(files)) {
    await mkdir(dirname(join(state(), path)), { recursive: true });
    await writeFile(join(state(), path), gunzipSync(Buffer.from(packed, 'base64')));
  }
}

async function runOnce() {
  const config = await writeConnections(folder, [account.connection]);
  const events = join(folder, 'events.jsonl');
  await rm(events, { force: true });
  const run = await runUcfHere(
    ['dev', '--once', '--config', config, '--state', state(), '--events', events],
    account.env,
  );
  const told = (await readEvents(events)).map(({ detail }) => (detail as unknown as UserEvent).metadata);
  return { ...run, told };
}

describe('a state folder that an older version left', async () => {
  const names = await readdir(fixtures);
  const all = await Promise.all(names.map(async (name) => JSON.parse(await readFile(new URL(name, fixtures), 'utf8'))));

  it.each(all as OlderState[])('$what, is read, and tells what has changed since and nothing else', async (older) => {
    const { directory } = account.simulator;
    for (let step = 0; step < stepsBefore; step += 1) directory.advance();
    await layOut(older);

    const unchanged = await runOnce();
    directory.change('5', { familyName: 'Changed' });
    const changed = await runOnce();

    expect([unchanged.exitCode, unchanged.stderr, unchanged.told]).toStrictEqual([0, '', []]);
    expect(summariesOf(unchanged)['acme-openproject']).toMatch(/^complete seen=13 created=0 /);
    expect(changed.told).toMatchObject([{ userId: '5', sequence: 24, revision: 4 }]);
  });
});

describe('a state folder that a newer version left', () => {
  it('is refused by every command, says which version it wants, and is left as it is', async () => {
    await runOnce();
    await writeFile(join(state(), 'layout.json'), '{"layout":2}\n');
    const before = await dumpTable(state());

    const swept = await runOnce();
    const looked = await runUcfHere(['connections', 'list', '--state', state()]);

    expect([swept.exitCode, looked.exitCode]).toStrictEqual([2, 2]);
    for (const { stderr } of [swept, looked])
      expect(stderr).toMatch(/state folder .* was written by a newer version \(layout 2, this one knows 1\); use that/);
    expect(await dumpTable(state())).toBe(before);
    await writeFile(join(state(), 'layout.json'), '{"layout":1}\n');
    expect((await runOnce()).exitCode).toBe(0);
  });

  it('is what a folder without a layout, or with one that is none, is taken for only in the second case', async () => {
    await runOnce();
    await rm(join(state(), 'layout.json'));
    const without = await runOnce();
    await writeFile(join(state(), 'layout.json'), '{}\n');

    expect([without.exitCode, (await runOnce()).exitCode]).toStrictEqual([0, 2]);
  });
});
