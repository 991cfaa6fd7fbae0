import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEmbeddedTable } from '../../../local/embedded-table.ts';
import { openFolderMark } from '../../../local/folder-mark.ts';
import { openStateFolder } from '../../../local/state-folder.ts';
import { connectionId } from '../../../src/model/ids.ts';
import { createStore } from '../../../src/store/create-store.ts';
import { stateItem } from '../../../src/store/state-store.ts';
import { createTableClient } from '../../../src/store/table-client.ts';
import { hookCalls } from '../../support/faulty-client.ts';
import { aConnection, aState } from '../store/sample-log.ts';

type Opened = Awaited<ReturnType<typeof openMark>>;

async function openMark(path: string) {
  const folder = await openStateFolder(path);
  const table = await startEmbeddedTable(path);
  const store = createStore(table.client, table.tableName, (ms) => sleep(ms));
  return { folder, table, store, mark: openFolderMark({ folder, table, store, nowMs: () => 0 }) };
}

/** Uses a folder as one process would, and lets it go. */
async function inFolder<T>(path: string, use: (opened: Opened) => Promise<T>): Promise<T> {
  const opened = await openMark(path);
  try {
    return await use(opened);
  } finally {
    await opened.table.close();
    await opened.folder.close();
  }
}

const openOnce = (path: string) => inFolder(path, async ({ mark }) => (await mark.open())(0));
const verdictOf = (path: string) => inFolder(path, ({ mark }) => mark.read());

async function newFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'ucf-mark-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

const fileOf = async (path: string) => JSON.parse(await readFile(join(path, 'epoch.json'), 'utf8'));

describe('openFolderMark', () => {
  it('takes a new folder, and one of an older version, for its own, and says so in a file', async () => {
    const path = await newFolder();

    expect(await verdictOf(path)).toStrictEqual({ kind: 'current', epoch: 1 });
    expect([await openOnce(path), await openOnce(path)]).toStrictEqual([1, 1]);
    expect(await fileOf(path)).toStrictEqual({ epoch: 1, table: expect.stringMatching(/^[\da-f-]{36}$/) });
  });

  it('refuses a table that was put back from a copy, until it has recovered', async () => {
    const path = await newFolder();
    await openOnce(path);
    await cp(join(path, 'table'), join(path, 'copy'), { recursive: true });
    await openOnce(path);
    await rm(join(path, 'table'), { recursive: true });
    await cp(join(path, 'copy'), join(path, 'table'), { recursive: true });

    await expect(openOnce(path)).rejects.toMatchObject({
      code: 'store.restored',
      message: expect.stringContaining(`ucf doctor --recover --state ${path}`),
    });
    expect(await verdictOf(path)).toStrictEqual({ kind: 'restored', epoch: 1 });
    expect(await inFolder(path, ({ mark }) => mark.recover('ada'))).toBe(2);

    expect([await openOnce(path), await openOnce(path)]).toStrictEqual([2, 2]);
    expect(await fileOf(path)).toMatchObject({ epoch: 2, recovered: { by: 'ada', at: '1970-01-01T00:00:00.000Z' } });
  });

  it.each([1, 2, 3])('goes on after a process that died at step %i of opening', async (step) => {
    const path = await newFolder();
    await openOnce(path);

    const opening = inFolder(path, async ({ folder, table, store }) => {
      let steps = 0;
      const die = () => {
        steps += 1;
        if (steps >= step) throw new Error('killed');
      };
      hookCalls(table.client).before = (_, operation) => (operation === 'PutItemCommand' ? die() : undefined);
      const dying = {
        ...folder,
        async writeJson(name: string, value: unknown) {
          die();
          await folder.writeJson(name, value);
        },
      };
      await openFolderMark({ folder: dying, table, store, nowMs: () => 0 }).open();
    });

    await expect(opening).rejects.toThrow(step === 2 ? 'did not answer' : 'killed');
    expect([await verdictOf(path), await openOnce(path)]).toStrictEqual([{ kind: 'current', epoch: 1 }, 1]);
  });

  it('stops where the file is gone, although the table was marked, or holds something else', async () => {
    const path = await newFolder();
    await openOnce(path);

    await rm(join(path, 'epoch.json'));
    expect(await verdictOf(path)).toStrictEqual({ kind: 'restored', epoch: 1 });
    for (const text of ['{"epoch":', '{"epoch":"2"}']) {
      await writeFile(join(path, 'epoch.json'), text);
      await expect(openOnce(path)).rejects.toMatchObject({ code: 'config.invalid' });
    }

    expect(await inFolder(path, ({ mark }) => mark.recover('ada'))).toBe(2);
    expect(await openOnce(path)).toBe(2);
  });

  it('stops where a connection knows a higher epoch than the file, and recovers above it', async () => {
    const path = await newFolder();
    await inFolder(path, async ({ store, table }) => {
      const id = connectionId('acme');
      await store.saveConnection(aConnection(id), () => 'key', 0);
      const documents = DynamoDBDocumentClient.from(table.client);
      const raw = createTableClient(documents, table.tableName, async () => undefined);
      await raw.put(stateItem(id, { leaseToken: 0 }, aState({ epoch: 4 })));
    });

    await expect(openOnce(path)).rejects.toMatchObject({ code: 'store.restored' });
    expect(await verdictOf(path)).toStrictEqual({ kind: 'ahead', epoch: 1 });
    expect(await inFolder(path, ({ mark }) => mark.recover('ada'))).toBe(5);
    expect(await openOnce(path)).toBe(5);
  });

  it('stops a tick of a connection that comes to know a higher epoch later', async () => {
    const path = await newFolder();

    await inFolder(path, async ({ mark }) => {
      const readEpoch = await mark.open();
      expect(await readEpoch(1)).toBe(1);
      await expect(readEpoch(2)).rejects.toMatchObject({ code: 'store.restored' });
    });
  });
});
