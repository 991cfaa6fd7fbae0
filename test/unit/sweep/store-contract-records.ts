import { describe, expect, it } from 'vitest';
import { type ConnectionId, connectionId, holdId, sweepId } from '../../../src/model/ids.ts';
import { noCounts, type SweepReport } from '../../../src/sweep/sweep-report.ts';
import { aHold, aRecord, aRequest } from '../store/sample-hold.ts';
import { all, noon } from '../store/sample-log.ts';
import type { OpenSubject } from './store-contract.ts';

/** A report of which only the sweep and the number of users seen matter here. */
function aReport(id: ConnectionId, sweep: string, seen = 3): SweepReport {
  const report = { connectionId: id, vendor: 'openproject', sweepId: sweepId(sweep), outcome: 'complete' };
  return { ...report, startedAt: noon, endedAt: noon, counts: { ...noCounts, seen } } as SweepReport;
}

export function recordContract(open: OpenSubject): void {
  blobContract(open);
  sweepRecordContract(open);
  holdContract(open);
  requestContract(open);
}

function blobContract(open: OpenSubject): void {
  describe('readBlob', () => {
    it.each([0, 1, 1_000_000])('answers %i bytes as they were written, wherever that was', async (count) => {
      const { given, store, id } = await open();
      const [old, own] = [7, 11].map((step) => Uint8Array.from({ length: count }, (_, n) => (n * step) % 251));
      await given.writeBlob(id, 'old', old as Uint8Array);
      await store.writeBlob(id, 'own', own as Uint8Array, 'expires');

      expect(await store.readBlob(id, 'old')).toStrictEqual(old);
      expect(await store.readBlob(id, 'own')).toStrictEqual(own);
    });

    it('knows nothing of names that nobody wrote, or that another connection wrote', async () => {
      const { given, store, id } = await open();
      await given.writeBlob(id, 'name', Uint8Array.of(1));

      expect(await store.readBlob(id, 'nam')).toBeUndefined();
      expect(await store.readBlob(connectionId(`${id}-other`), 'name')).toBeUndefined();
    });

    it('answers what was written, whatever became of those bytes since', async () => {
      const { store, id } = await open();
      const bytes = Uint8Array.of(1, 2);
      await store.writeBlob(id, 'name', bytes);

      bytes[0] = 9;

      expect(await store.readBlob(id, 'name')).toStrictEqual(Uint8Array.of(1, 2));
    });
  });

  describe('deleteBlobsBefore', () => {
    it('leaves what it is told to keep, what sorts behind, and what is written later, wherever it was written', async () => {
      const { given, store, id } = await open();
      for (const name of ['1/old', '1/old and kept', '9/old']) await given.writeBlob(id, name, Uint8Array.of(1));
      for (const name of ['2/own', '2/own and kept', '9/own']) await store.writeBlob(id, name, Uint8Array.of(2));

      await store.deleteBlobsBefore(id, '5/', ['1/old and kept', '2/own and kept', 'nobody wrote this']);
      await store.deleteBlobsBefore(id, '5/', ['1/old and kept', '2/own and kept', '1/old']);
      await store.writeBlob(id, '3/later', Uint8Array.of(3));

      const names = ['1/old', '2/own', '1/old and kept', '2/own and kept', '9/old', '9/own', '3/later'];
      const read = await Promise.all(names.map((name) => store.readBlob(id, name)));
      expect(read.map((bytes) => bytes?.[0])).toStrictEqual([undefined, undefined, 1, 2, 1, 2, 3]);
    });

    it('leaves the blobs of other connections alone', async () => {
      const { given, store, id } = await open();
      const other = connectionId(`${id}-other`);
      await given.writeBlob(other, '1/name', Uint8Array.of(1));

      await store.deleteBlobsBefore(id, '5/', []);

      expect(await store.readBlob(other, '1/name')).toStrictEqual(Uint8Array.of(1));
    });
  });

  describe('deleteBlobs', () => {
    it('takes away what it names, wherever it was written, and ignores other names', async () => {
      const { given, store, id } = await open();
      for (const name of ['old', 'old and kept']) await given.writeBlob(id, name, Uint8Array.of(1));
      for (const name of ['own', 'own and kept']) await store.writeBlob(id, name, Uint8Array.of(2));

      await store.deleteBlobs(id, ['old', 'own', 'nobody wrote this']);
      await store.deleteBlobs(id, []);

      const read = ['old', 'own', 'old and kept', 'own and kept'].map((name) => store.readBlob(id, name));
      expect(await Promise.all(read)).toStrictEqual([undefined, undefined, Uint8Array.of(1), Uint8Array.of(2)]);
    });
  });
}

function sweepRecordContract(open: OpenSubject): void {
  describe('readProjection', () => {
    it('answers what the fields of each version mean, wherever it was written', async () => {
      const { given, store, id } = await open();
      const [old, own] = ['1', '2'].map((meaning) => new Map([['title', meaning]]));
      await given.writeProjection(id, 'old', old as Map<string, string>);
      await store.writeProjection(id, 'own', own as Map<string, string>);
      await store.writeProjection(id, 'own', own as Map<string, string>);

      expect(await store.readProjection(id, 'old')).toStrictEqual(old);
      expect(await store.readProjection(id, 'own')).toStrictEqual(own);
      expect(await store.readProjection(id, 'neither')).toBeUndefined();
    });
  });

  describe('listReports', () => {
    it('yields the newest first, each once, as it was written last', async () => {
      const { given, store, id } = await open();
      for (const sweep of ['b', 'd', 'e']) await given.writeReport(aReport(id, sweep));
      for (const sweep of ['f', 'a', 'd', 'c']) await store.writeReport(aReport(id, sweep, 4));

      const listed = (await all(store.listReports(id))).map((report) => [report.sweepId, report.counts.seen]);

      expect(listed).toStrictEqual(Object.entries({ f: 4, e: 3, d: 4, c: 4, b: 3, a: 4 }));
    });

    it('yields nothing of another connection', async () => {
      const { store, id } = await open();
      await store.writeReport(aReport(id, 'a'));

      expect(await all(store.listReports(connectionId(`${id}-other`)))).toStrictEqual([]);
    });
  });

  describe('readReport', () => {
    it('answers the report of one sweep, wherever it was written', async () => {
      const { given, store, id } = await open();
      await given.writeReport(aReport(id, 'a'));
      await store.writeReport(aReport(id, 'b', 4));

      expect(await store.readReport(id, sweepId('a'))).toStrictEqual(aReport(id, 'a'));
      expect(await store.readReport(id, sweepId('b'))).toStrictEqual(aReport(id, 'b', 4));
      expect(await store.readReport(id, sweepId('c'))).toBeUndefined();
    });
  });
}

function holdContract(open: OpenSubject): void {
  describe('listHolds', () => {
    it('yields the newest first, each once, as it was written last', async () => {
      const { given, store, id } = await open();
      for (const hold of ['b', 'd', 'e']) await given.writeHold(aRecord(id, hold));
      for (const hold of ['a', 'd', 'c'])
        await store.writeHold(aRecord(id, hold, { hold: aHold(hold, { memberCount: 1 }) }));

      const listed = (await all(store.listHolds(id))).map(({ hold }) => [hold.holdId, hold.memberCount]);

      expect(listed).toStrictEqual(Object.entries({ e: 60, d: 1, c: 1, b: 60, a: 1 }));
    });
  });

  describe('readHold', () => {
    it('answers the record that was written last, with its preview and its end', async () => {
      const { given, store, id } = await open();
      const ended = aRecord(id, 'a', {
        preview: [{ type: 'user.deleted', data: { ümläut: [null, 1] } }],
        end: { ending: 'released', at: noon, settled: 60, dissolved: 0 },
      });
      await given.writeHold(aRecord(id, 'a'));
      await given.writeHold(aRecord(id, 'b'));

      await store.writeHold(ended);

      expect(await store.readHold(id, holdId('a'))).toStrictEqual(ended);
      expect(await store.readHold(id, holdId('b'))).toStrictEqual(aRecord(id, 'b'));
      expect(await store.readHold(id, holdId('c'))).toBeUndefined();
    });
  });
}

function requestContract(open: OpenSubject): void {
  describe('readRequests', () => {
    it('answers the oldest first, wherever they were written', async () => {
      const { given, store, id } = await open();
      for (const name of ['2', '4']) await given.writeRequest(aRequest(id, name));
      for (const name of ['5', '1', '3']) await store.writeRequest(aRequest(id, name));

      const requests = await store.readRequests(id);

      expect(requests).toStrictEqual(['1', '2', '3', '4', '5'].map((name) => aRequest(id, name)));
      expect(await store.readRequests(connectionId(`${id}-other`))).toStrictEqual([]);
    });
  });

  describe('deleteRequest', () => {
    it('takes away the one request, wherever it was written', async () => {
      const { given, store, id } = await open();
      for (const name of ['1', '2']) await given.writeRequest(aRequest(id, name));
      for (const name of ['3', '4']) await store.writeRequest(aRequest(id, name));

      for (const name of ['1', '3', 'nobody asked this']) await store.deleteRequest(aRequest(id, name));

      expect(await store.readRequests(id)).toStrictEqual(['2', '4'].map((name) => aRequest(id, name)));
    });
  });
}
