import type { LogBatch } from '../../src/model/log-batch.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import { newClient, type StoryTable } from './change-story.ts';
import { hookCalls, Killed } from './faulty-client.ts';
import { feedUnderTest, leaseMs, type TickSettings } from './feed-under-test.ts';
import { listOf } from './scripted-vendor.ts';
import type { ToldStory } from './told-story.ts';

export type Death = {
  /** After so many batches of a sweep are in the log. */
  readonly appends?: number;
  /** Before so many holds are written for operators. */
  readonly holdWrites?: number;
  readonly settings?: Partial<UserList>;
  readonly ask?: TickSettings;
};

/** A tick whose process dies at a certain moment: no call goes out any more. Its lease runs out afterwards. */
export async function dieAt(table: StoryTable, story: ToldStory, death: Death): Promise<void> {
  const client = newClient(table);
  let isDead = false;
  hookCalls(client).before = () => {
    if (isDead) throw new Killed('no call goes out any more');
  };
  const { id, clock, vendor } = story;
  const { store, tick } = feedUnderTest({ client, tableName: table.tableName, connectionId: id, clock });
  const { appendBatch, writeHold } = store;
  let appends = 0;
  let holdWrites = 0;
  Object.assign(store, {
    appendBatch: async (batch: LogBatch) => {
      const answer = await appendBatch(batch);
      if (batch.sweep !== undefined) appends += 1;
      isDead ||= appends === death.appends;
      return answer;
    },
    writeHold: async (record: Parameters<typeof writeHold>[0]) => {
      await writeHold(record);
      holdWrites += 1;
      isDead ||= holdWrites === death.holdWrites;
    },
  });
  const list = listOf(vendor, id, () => clock.nowMs, death.settings);
  const end = await tick(list, { holder: 'dying', ...death.ask }).then(
    ({ kind }) => kind,
    () => 'dead',
  );
  client.destroy();
  if (end !== 'dead' || !isDead) throw new Error(`expected the worker to die, but it answered ${end}`);
  clock.nowMs += leaseMs;
}
