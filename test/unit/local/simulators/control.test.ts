import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../../../local/simulators/start-simulator.ts';
import { type Body, idsOf, listFirst, startForTest } from './simulator-under-test.ts';

async function control(simulator: Simulator, path: string, body?: unknown): Promise<{ status: number; body: Body }> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(`${simulator.url}/__simulator${path}`, init);
  return { status: answer.status, body: (await answer.json()) as Body };
}

describe('the control endpoint', () => {
  it('tells what is going on', async () => {
    const simulator = await startForTest('leen', { size: 4 });
    simulator.traps.arm('error', { times: 3, status: 502 });
    await listFirst(simulator);

    const { status, body } = await control(simulator, '');

    expect(status).toBe(200);
    expect(body).toMatchObject({ vendor: 'leen', url: simulator.url, people: 4, step: 0, requests: 1, elsewhere: 0 });
    expect(body.traps).toStrictEqual({
      known: simulator.traps.known,
      armed: { error: { status: 502, times: 2, on: 'list' } },
      fired: { ...simulator.traps.fired, error: 1 },
    });
  });

  it('arms traps with settings or as usual, disarms them, and clears', async () => {
    const simulator = await startForTest('openproject');
    simulator.traps.arm('hang');

    await control(simulator, '/traps', { capPageSize: true, halfList: { percent: 10, page: 2 }, hang: false });
    const armed = simulator.traps.armed();
    await control(simulator, '/traps/clear', {});

    expect(armed).toStrictEqual({
      capPageSize: { size: 50, on: 'list' },
      halfList: { percent: 10, page: 2, on: 'list' },
    });
    expect(simulator.traps.armed()).toStrictEqual({});
  });

  it('arms nothing when one of the wishes is at fault, and says which', async () => {
    const simulator = await startForTest('openproject');

    const unknown = await control(simulator, '/traps', { error: true, nullGroups: true });
    const wrong = await control(simulator, '/traps', { error: true, slow: { delayMs: 'long' } });

    expect([unknown.status, wrong.status]).toStrictEqual([400, 400]);
    expect(unknown.body.error).toContain('nullGroups');
    expect(wrong.body.error).toContain('slow cannot be set like that: delayMs');
    expect(simulator.traps.armed()).toStrictEqual({});
  });

  it('adds, changes and removes people', async () => {
    const simulator = await startForTest('openproject', { size: 2 });

    const added = await control(simulator, '/users', { givenName: 'Extra', status: 'invited' });
    const id = String(added.body.id);
    const changed = await control(simulator, `/users/${id}`, { title: 'Pilot', status: 'locked' });
    const everybody = await control(simulator, '/users');
    const removed = await control(simulator, `/users/${id}/remove`, {});

    expect(added.body).toMatchObject({ givenName: 'Extra', status: 'invited' });
    expect(changed.body).toMatchObject({ id, givenName: 'Extra', title: 'Pilot', status: 'locked' });
    expect(everybody.body).toHaveLength(3);
    expect(removed.status).toBe(200);
    expect(idsOf(simulator)).not.toContain(id);
  });

  it('plays the next step', async () => {
    const simulator = await startForTest('leen');
    const twin = await startForTest('leen');

    const { body } = await control(simulator, '/advance', {});

    expect(body).toStrictEqual({ step: 1, changes: twin.directory.advance() });
    expect(simulator.directory.people()).toStrictEqual(twin.directory.people());
  });

  it('refuses what it does not know', async () => {
    const simulator = await startForTest('leen');

    expect((await control(simulator, '/users/nobody', {})).status).toBe(400);
    expect((await control(simulator, '/users', { id: 'chosen' })).status).toBe(400);
    expect((await control(simulator, '/nothing')).status).toBe(404);
  });
});
