import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../local/event-bus/bus-event.ts';
import { openStateFolder } from '../../local/state-folder.ts';
import { runUcfHere } from '../support/run-ucf-here.ts';
import { type SimulatedAccount, startAccount } from '../support/simulated-account.ts';
import { dumpTable, essence, printed, tellUcfStory, type UcfStory } from './ucf-story.ts';

let account: SimulatedAccount;
let story: UcfStory;

beforeEach(async () => {
  account = await startAccount('openproject', { deletion: { probe: false } });
  story = await tellUcfStory(account);
});

afterEach(() => story.end());

const id = 'acme-openproject';

describe('ucf sweep', () => {
  it('foresees what it then publishes, also with other settings, and leaves evidence of a list that was not whole', async () => {
    await story.runOnce();
    const { directory, traps } = account.simulator;
    directory.change(directory.people()[0]?.id ?? '', { familyName: 'Changed' });
    directory.add({ familyName: 'Arrived' });
    const elsewhere = { directoryId: 'other', baseline: 'emit', fields: { redact: ['displayName', 'familyName'] } };
    const config = await story.writeConfig(elsewhere);
    const before = await dumpTable(story.state);

    const dry = await story.run('sweep', id, '--dry-run', '--json');
    const configured = await story.run('sweep', id, '--dry-run', '--config', config);
    const after = await dumpTable(story.state);
    const real = await story.run('sweep', id, '--json');
    traps.arm('truncatedBody', { page: 2 });
    const spoiled = await story.run('sweep', id);
    const list = await story.run('sweeps', 'list', id, '--limit', '1', '--json');
    const shown = await story.run('sweeps', 'show', id);
    const doctor = await story.run('doctor');

    const foreseen = printed<{ events: BusEvent[] }>(dry).events.map(essence);
    expect(foreseen.map(({ type }) => type).sort()).toStrictEqual(['user.created', 'user.updated']);
    expect(printed<{ events: BusEvent[] }>(real).events.map(essence)).toStrictEqual(foreseen);
    expect(configured.stdout.match(/user\.created/g)).toHaveLength(13);
    expect(configured.stdout).toContain(`${id} baseline seen=13 created=13 `);
    expect(configured.stdout).not.toMatch(/Arrived|Changed/);
    expect(after).toBe(before);

    expect(printed(list)).toMatchObject({
      sweeps: [{ outcome: 'incomplete', deniedBy: expect.arrayContaining(['no_end_signal']) }],
    });
    expect(shown.stdout).toMatch(/complete +no: no_end_signal/);
    expect(shown.stdout).toMatch(/pages +1\nend signal +no/);
    expect(doctor.stdout).toMatch(/the last full sweep was not complete/);
    const runs = [dry, configured, real, spoiled, list, shown, doctor];
    expect(runs.map(({ exitCode }) => exitCode)).toStrictEqual([0, 0, 0, 1, 0, 0, 1]);
    for (const secret of Object.values(account.env))
      for (const { stdout, stderr } of runs) expect(stdout + stderr).not.toContain(secret);
  });
});

describe('ucf sweep of a simulated vendor', () => {
  it('plays no step of its script, and does not run while another process has the state folder open', async () => {
    await runUcfHere(['dev', '--once', '--state', story.state]);
    const script = await readFile(join(story.state, 'simulator-delay.json'), 'utf8');
    const swept = await story.run('sweep', 'simulated-delay');
    const folder = await openStateFolder(story.state);
    const refused = await story.run('sweep', 'simulated-delay', '--dry-run');
    await folder.close();

    expect([swept.exitCode, refused.exitCode]).toStrictEqual([0, 2]);
    expect(swept.stdout).toMatch(/^simulated-delay complete seen=24 created=0 updated=0 /);
    expect(await readFile(join(story.state, 'simulator-delay.json'), 'utf8')).toBe(script);
    expect(refused.stderr).toContain('in use by another process');
  });
});
