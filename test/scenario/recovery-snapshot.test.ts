import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectionId } from '../../src/model/ids.ts';
import { believe, numbersOf } from '../support/believe.ts';
import { type LosablePart, loseItems } from '../support/lose-items.ts';
import { capturePrinted } from '../support/printed-lines.ts';
import { runUcfHere } from '../support/run-ucf-here.ts';
import { type SimulatedAccount, startAccount, writeConnections } from '../support/simulated-account.ts';
import { type LoopbackStack, startStackOnLoopback } from '../support/stack-on-loopback.ts';
import { essence, printed } from './ucf-story.ts';

const id = connectionId('acme-openproject');
const parameter = '/ucf/acme';
const users = 12;

let account: SimulatedAccount;
let stack: LoopbackStack;
let folder: string;

beforeEach(async () => {
  capturePrinted();
  const settings = {
    credentials: { apiKey: { ssm: parameter } },
    baseline: 'emit',
    options: { pageSize: 100 },
  };
  account = await startAccount('openproject', settings, users);
  stack = await startStackOnLoopback({ parameters: { [parameter]: Object.values(account.env)[0] ?? '' } });
  folder = await mkdtemp(join(tmpdir(), 'ucf-snapshot-'));
  await ucf('connections', 'apply', await writeConnections(folder, [account.connection]));
  await ucf('sweep', id);
  for (const { id: user } of people().slice(0, 3)) rename(user, `${user}.once`);
  await ucf('sweep', id);
});

afterEach(async () => {
  await stack.close();
  await account.simulator.close();
  await rm(folder, { recursive: true });
});

const ucf = async (...words: readonly string[]) => {
  const bus = await (stack.feed.clients.bus.config.endpoint?.() ?? Promise.reject(new Error('no bus')));
  const env = { ...stack.env, AWS_ENDPOINT_URL_EVENTBRIDGE: `http://${bus.hostname}:${bus.port}` };
  return runUcfHere([...words, '--stack', stack.name], env);
};
const people = () => account.simulator.directory.people();
const rename = (user: string, userName: string) => account.simulator.directory.change(user, { userName });
const lose = (part: LosablePart) =>
  loseItems({ client: stack.feed.clients.table, tableName: stack.feed.tableName }, [id, part]);
/** What came since: type, user and revision of each event. */
const news = (before: number) =>
  stack.feed.taken.slice(before).map((event) => {
    const { type, userId, revision } = essence(event);
    return [type, userId, revision];
  });

/** Nothing twice, no number left out; and what consumers believe is true of everybody but these. */
function expectTruth(but: readonly string[] = []) {
  const { numbers, ids } = numbersOf(stack.feed.taken);
  expect(numbers).toStrictEqual(numbers.map((_, at) => `1/${at + 1}`));
  expect(ids).toBe(numbers.length);
  const names = people().map((person) => [person.id, person.userName] as const);
  const believed = [...believe(stack.feed.taken)].filter(([user]) => !but.includes(user));
  expect(believed.toSorted()).toStrictEqual(names.filter(([user]) => !but.includes(user)).toSorted());
}

describe('index shards that were lost', () => {
  it('are made again from the entries by the next sweep, and tell nobody anything', async () => {
    const before = stack.feed.taken.length;
    const lost = await lose('index');

    const dry = await ucf('rebuild', id, '--dry-run');
    const swept = await ucf('sweep', id);
    const after = await ucf('rebuild', id, '--dry-run');

    expect(lost).toBeGreaterThan(0);
    expect([dry.exitCode, swept.exitCode, after.exitCode]).toStrictEqual([1, 0, 0]);
    expect(dry.stdout).toMatch(/^the index lacks \d+ users; every sweep makes it again from the entries\n$/);
    expect(after.stdout).toContain('has lost nothing');
    expect(news(before)).toStrictEqual([]);
    rename(people()[0]?.id ?? '', 'seen all the same');
    await ucf('sweep', id);
    expectTruth();
  });
});

describe('entries that were lost', () => {
  it('stop the connection as soon as one of them is needed, with the command that helps, and tell nobody anything', async () => {
    const before = stack.feed.taken.length;
    await lose('entries');
    rename(people()[0]?.id ?? '', 'changed meanwhile');

    const swept = await ucf('sweep', id);
    const doctor = await ucf('doctor');

    expect([swept.exitCode, doctor.exitCode]).toStrictEqual([1, 1]);
    for (const { stdout, stderr } of [swept, doctor]) expect(stdout + stderr).toContain(`ucf rebuild ${id}`);
    expect(news(before)).toStrictEqual([]);
  });

  it('stop it as well when somebody leaves who is known by the index alone', async () => {
    const before = stack.feed.taken.length;
    await lose('entries');
    account.simulator.directory.remove(people()[0]?.id ?? '');

    // Absent once is no news; and nobody can ask the vendor about somebody whose id is lost.
    const once = await ucf('sweep', id);
    const twice = await ucf('sweep', id);

    expect([once.exitCode, twice.exitCode]).toStrictEqual([0, 1]);
    expect(twice.stdout + twice.stderr).toContain(`ucf rebuild ${id}`);
    expect(news(before)).toStrictEqual([]);
    await ucf('rebuild', id, '--now', '--yes');
    expectTruth();
  });

  it('and are in the log are made again from it: what has changed meanwhile is told, once, and nothing else', async () => {
    const before = stack.feed.taken.length;
    await lose('entries');
    const [one, two] = [people()[0]?.id ?? '', people()[8]?.id ?? ''];
    rename(one, 'changed meanwhile');
    account.simulator.directory.remove(two);

    const dry = await ucf('rebuild', id, '--dry-run', '--json');
    const unasked = await ucf('rebuild', id);
    const rebuilt = await ucf('rebuild', id, '--now', '--yes', '--by', 'ada');
    await ucf('sweep', id);

    expect(printed(dry)).toStrictEqual({
      losses: { known: users, entriesLost: users, entriesInLog: users, pairsLost: 0 },
    });
    expect([dry.exitCode, unasked.exitCode, rebuilt.exitCode]).toStrictEqual([1, 2, 0]);
    expect(news(before)).toStrictEqual([
      ['user.updated', one, 3],
      ['user.deleted', two, 2],
    ]);
    expectTruth();
  });

  it('and are not in the log either are known again in silence, and every change of them is news from then on', async () => {
    const before = stack.feed.taken.length;
    await lose('entries');
    const lostBatches = await lose('log');
    const [one = '', two = '', three = '', four = ''] = people().map((person) => person.id);
    rename(one, 'changed meanwhile');
    account.simulator.directory.remove(four);

    const rebuilt = await ucf('rebuild', id, '--now', '--yes');
    const silent = news(before);
    rename(two, 'changed afterwards');
    account.simulator.directory.remove(three);
    const added = account.simulator.directory.add({ userName: 'arrived afterwards' });
    await ucf('sweep', id);
    await ucf('sweep', id);

    expect([lostBatches > 0, rebuilt.exitCode]).toStrictEqual([true, 0]);
    expect(silent).toStrictEqual([]);
    expect(news(before).map(([type, user]) => [type, user])).toStrictEqual([
      ['user.updated', two],
      ['user.created', added.id],
      ['user.deleted', three],
    ]);
    // Who has changed or left meanwhile nobody can say any more; but a resync states who is there.
    expectTruth([one, four]);
    const resync = await ucf('resync', id, '--to-bus', '--yes');
    expect(resync.exitCode).toBe(0);
    expect(believe(stack.feed.taken).get(one)).toBe('changed meanwhile');
  });
});
