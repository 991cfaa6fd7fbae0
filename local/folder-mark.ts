import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { FeedError, isFeedError } from '../src/model/feed-error.ts';
import type { FeedMark } from '../src/model/feed-mark.ts';
import { tableMarkKey } from '../src/store/keys.ts';
import { readMarkJson, writeMarkJson } from '../src/store/mark-json.ts';
import { createTableClient } from '../src/store/table-client.ts';
import type { DispatchStore } from '../src/sweep/dispatch-ports.ts';
import { createEpochGuard, type EpochGuard } from '../src/sweep/epoch-guard.ts';
import { highestEpoch } from '../src/sweep/highest-epoch.ts';
import { epochOf } from '../src/sweep/restore-guard.ts';
import type { StateFolder } from './state-folder.ts';

export type FolderMarkOptions = {
  readonly folder: Pick<StateFolder, 'path' | 'readJson' | 'writeJson'>;
  readonly table: { readonly client: DynamoDBClient; readonly tableName: string };
  readonly store: Pick<DispatchStore, 'dueConnections' | 'readDispatched'>;
  readonly nowMs: () => number;
};

export type FolderMark = Pick<EpochGuard, 'read' | 'recover'> & {
  /**
   * Opens the folder for sweeping, and answers how the feed's epoch is read until it is closed. Marks the table anew: a
   * copy of it that was made before is not this table any more.
   * @throws store.restored, config.invalid
   */
  open(): Promise<(known: number) => Promise<number>>;
};

const fileName = 'epoch.json';
/** The mark of a table that has none yet: a new one, or one that an older version made. */
const unmarked = '';

/** The feed's mark in a state folder: a file beside the table, and in the table an item that the file names. */
export function openFolderMark({ folder, table, store, nowMs }: FolderMarkOptions): FolderMark {
  const items = createTableClient(DynamoDBDocumentClient.from(table.client), table.tableName, async () => undefined);
  const place = { place: fileName, recovery: `ucf doctor --recover --state ${folder.path}` };
  const readTable = async () => String((await items.get(tableMarkKey))?.mark ?? unmarked);
  const readMark = () => readFile(folder, place.recovery);
  const writeMark = (mark: FeedMark) => folder.writeJson(fileName, writeMarkJson(mark));
  const readHighestEpoch = () => highestEpoch(store);
  const guard = createEpochGuard({ ...place, readMark, writeMark, readTable, readHighestEpoch, nowMs });
  return {
    ...guard,
    async open() {
      const epoch = epochOf(await guard.read(), place);
      const mark = await readMark();
      const [before, after] = [await readTable(), randomUUID()];
      // Whatever of this a kill leaves undone, the file names the mark that the table has.
      await writeMark({ ...mark, tables: [before, after] });
      await items.put({ ...tableMarkKey, mark: after });
      await writeMark({ ...mark, tables: [after] });
      return async (known) => epochOf({ kind: known > epoch ? 'ahead' : 'current', epoch }, place);
    },
  };
}

/** A folder without the file is a new one, or an older version's: its table has no mark. */
async function readFile({ readJson, path }: FolderMarkOptions['folder'], recovery: string): Promise<FeedMark> {
  const value = await readJson(fileName).catch((error: unknown) => {
    if (isFeedError(error, 'local.state_unusable')) return 'no JSON';
    throw error;
  });
  if (value === undefined) return { epoch: 1, tables: [unmarked] };
  const mark = readMarkJson(value);
  if (mark !== undefined) return mark;
  const message = `does not hold JSON like {"epoch":1,"table":"…"}; nobody knows which epoch the feed is in: ${recovery}`;
  const faults = [{ path: fileName, message }];
  throw new FeedError('config.invalid', `${fileName} in the state folder ${path} ${message}`, { faults });
}
