import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ServedWorld, serveWorld } from '../browser/support/served-world.ts';
import { askConsole } from '../unit/console/ask-console.ts';

let served: ServedWorld;

const id = 'simulated-leen';
const ask = (path: string) => askConsole(served.url, path);
const post = (path: string, body: object) => askConsole(served.url, path, { method: 'POST', body });
const typesOf = async () => {
  const { events } = (await ask(`/api/events?connection=${id}&limit=200`)).json;
  return events.map(({ type }: { type: string }) => type);
};

/** Everybody is blocked at once: more than the brake lets pass. */
async function holdAll(): Promise<string> {
  await post('/api/simulators/leen', { act: 'block_all' });
  served.wait(15);
  await served.sweep(id);
  const { holds } = (await ask('/api/holds')).json;
  expect(holds).toMatchObject([{ connectionId: id, standing: 'open', why: expect.stringContaining('brake') }]);
  expect(holds[0].name).toMatch(/^\d+ changes of status$/);
  return `/api/holds/${holds[0].holdId}`;
}

describe('POST /api/holds', () => {
  beforeEach(async () => {
    served = await serveWorld();
  });

  afterEach(() => served.close());

  it('publishes after an approval what the preview has shown', async () => {
    const path = await holdAll();
    const { preview } = (await ask(path)).json;
    const before = (await typesOf()).length;
    served.wait(15);
    const answer = await post(path, { verdict: 'approved', why: 'the office has closed' });
    await vi.waitFor(async () => expect((await ask(path)).json.hold.standing).toBe('ended'), 60_000);

    expect(answer).toMatchObject({ status: 200, json: { decided: 'approved' } });
    const types = (await typesOf()).slice(0, -before);
    expect(types.filter((type: string) => type === 'user.status_changed')).toHaveLength(preview.length);
    expect(types).toContain('connection.changes_released');
    expect((await ask(path)).json.hold.said).toContain('(the office has closed)');
  });

  it('publishes nothing of a user after a rejection', async () => {
    const path = await holdAll();
    served.wait(15);
    await post(path, { verdict: 'rejected' });
    await vi.waitFor(async () => expect((await ask(path)).json.hold.standing).toBe('ended'), 60_000);

    expect(await typesOf()).toContain('connection.changes_rejected');
    expect(await typesOf()).not.toContain('user.status_changed');
  });

  it('refuses a second decision, and says whose the first was', async () => {
    const path = await holdAll();
    served.wait(15);
    await post(path, { verdict: 'rejected' });
    const second = await post(path, { verdict: 'approved' });

    expect(second.status).toBe(409);
    expect(second.json.error).toMatch(/rejected/);
  });

  it('refuses what is no decision, and decides nothing', async () => {
    const path = await holdAll();
    const answers = await Promise.all(
      [
        { verdict: 'perhaps' },
        {},
        { verdict: 'approved', why: 7 },
        { verdict: 'approved', why: 'x'.repeat(1_001) },
        { verdict: 'approved', by: 'somebody else' },
      ].map((body) => post(path, body)),
    );

    expect(answers.map(({ status }) => status)).toStrictEqual([400, 400, 400, 400, 400]);
    expect((await ask(path)).json.hold.standing).toBe('open');
  });
});

describe('what is asked of simulators and connections', () => {
  beforeAll(async () => {
    served = await serveWorld();
  });

  afterAll(() => served.close());

  const leen = () => served.world.simulators[0]?.directory;
  const people = () => leen()?.people() ?? [];

  it.each([
    ['add', {}, () => people().length, 1],
    ['advance', {}, () => leen()?.step ?? 0, 1],
    ['remove', { id: 'first' }, () => people().length, -1],
    ['remove_most', {}, () => people().length, -15],
    ['block', { id: 'first' }, () => people().filter(({ status }) => status === 'INACTIVE').length, 1],
  ] as const)('does what its button says: %s', async (act, more, count, by) => {
    const before = count();
    const person = people().find(({ status }) => status === 'ACTIVE')?.id;
    const { status } = await post('/api/simulators/leen', { act, ...('id' in more && { id: person }) });

    expect(status).toBe(200);
    expect(count() - before).toBe(by);
  });

  it('changes a name each time it is told to', async () => {
    const [{ id: person = '', familyName = '' } = {}] = people();
    const names: (string | undefined)[] = [];
    for (let time = 0; time < 2; time += 1) {
      await post('/api/simulators/leen', { act: 'rename', id: person });
      names.push(leen()?.find(person)?.familyName);
    }

    expect(names).toStrictEqual([`${familyName}-Berg`, familyName]);
  });

  it('arms a trap, whose effect a sweep shows, and disarms it', async () => {
    await post('/api/simulators/leen', { act: 'arm', trap: 'forbidden' });
    served.wait(15);
    await served.sweep(id);
    const failed = (await ask(`/api/connections/${id}`)).json.connection;
    const { json } = await post('/api/simulators/leen', { act: 'disarm', trap: 'forbidden' });

    const trap = json.simulators[0].traps.find(({ name }: { name: string }) => name === 'forbidden');
    expect(failed.health).toBe('failing');
    expect(trap).toMatchObject({ isOn: false, fired: expect.any(Number) });
    expect(trap.fired).toBeGreaterThan(0);
  });

  it('sweeps what is not due, so that a change is seen', async () => {
    await post('/api/simulators/leen', { act: 'add' });
    served.wait(1);
    const asked = await post(`/api/connections/${id}/sweeps`, {});

    expect(asked).toMatchObject({ status: 200, json: { asked: id } });
    await vi.waitFor(async () => expect(await typesOf()).toContain('user.created'), 60_000);
  });
});
