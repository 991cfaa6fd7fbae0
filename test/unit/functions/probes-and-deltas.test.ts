import { describe, expect, it } from 'vitest';
import { openUserList } from '../../../functions/open-user-list.ts';
import type { Connection } from '../../../src/model/connection.ts';
import { cursor, userId } from '../../../src/model/ids.ts';
import { type Instant, instant } from '../../../src/model/instant.ts';
import type { HttpRequest } from '../../../src/vendors/http/http-client.ts';
import type { DeltaFilter, Vendor, VendorIo } from '../../../src/vendors/vendor.ts';
import { hosted } from '../config/fake-vendors.ts';
import { parseEntry } from '../config/parse-connections.ts';

const connection = parseEntry({ requestBudget: { requests: 2, per: '1m' } });
const ownBudget = { key: 'connection acme', requests: 2, perMs: 60_000 };
const vendorsBudget = { key: 'hosted', requests: 5, perMs: 1_000 };
const question = { userId: userId('gone'), controlUserId: userId('seen'), deadlineMs: 99 };

/** A vendor whose 404 proves something, and which sends one request a question. */
const probing: Vendor = {
  ...(hosted as Vendor),
  proves: { ...hosted.proves, notFound: 'user_gone' },
  budgets: () => [vendorsBudget],
  async probeUser({ userId: id, connectionId }, { http }) {
    await http.requestJson({ vendor: 'hosted', connectionId, url: new URL(`https://a.example/${id}`), secrets: [] });
    return id === 'gone' ? 'absent' : 'present';
  },
};
/** A vendor with a filter, which notes since when it was asked. */
const filtering = (delta: DeltaFilter<unknown>, since: (Instant | undefined)[] = []): Vendor => ({
  ...probing,
  delta,
  async fetchPage({ updatedSince }) {
    since.push(updatedSince);
    return { users: [], rejected: [], next: null, evidence: {}, observedAt: instant(0) };
  },
});

function open(vendor: Vendor, changes: Partial<Connection> = {}) {
  const requests: HttpRequest[] = [];
  const requestJson = async (request: HttpRequest) => {
    requests.push(request);
    return { status: 200, headers: {}, body: {}, receivedAt: instant(0), setCookies: [], retries: 0 };
  };
  const io = { http: { requestJson } } as unknown as VendorIo;
  const ports = { findVendor: () => vendor, io, resolveCredentials: async () => ({ apiKey: 's3cret' }) };
  return { list: openUserList({ ...connection, ...changes }, ports), requests };
}

describe('openUserList, asked about somebody absent', () => {
  it('asks about him and about somebody who is there, within budgets and deadline', async () => {
    const { list, requests } = open(probing);

    const answer = await list.probeAbsence?.(question);

    expect(answer).toBe('gone');
    expect(requests.map(({ url, budgets, deadlineMs }) => [url.pathname, budgets, deadlineMs])).toStrictEqual([
      ['/gone', [vendorsBudget, ownBudget], 99],
      ['/seen', [vendorsBudget, ownBudget], 99],
    ]);
  });

  it('does not ask where the connection does not want it', () => {
    expect(open(probing, { deletion: { ...connection.deletion, probe: false } }).list).not.toHaveProperty(
      'probeAbsence',
    );
  });

  it('does not ask where the answer proves nothing, or nobody can be asked', () => {
    const { probeUser: _, ...mute } = probing;

    expect(open({ ...probing, proves: hosted.proves }).list).not.toHaveProperty('probeAbsence');
    expect(open(mute).list).not.toHaveProperty('probeAbsence');
  });
});

describe('openUserList, asked for changed users', () => {
  const wanted = { deltaEverySeconds: 60 };

  it('has deltas as often as the connection wants them, where the vendor has a filter', () => {
    const { list } = open(filtering({ rivals: [] }), wanted);

    expect(list).toMatchObject({ hasDelta: true, deltaEverySeconds: 60 });
    expect(list).not.toHaveProperty('supportsDelta');
  });

  it('can be asked for one where none are wanted', () => {
    const { list } = open(filtering({ rivals: [] }));

    expect(list.hasDelta).toBe(true);
    expect(list).not.toHaveProperty('deltaEverySeconds');
  });

  it.each([
    ['the vendor has no filter', probing],
    ['an option stands in its way', filtering({ rivals: ['pageSize'], supports: async () => true })],
  ])('has none where %s', (_what, vendor) => {
    const { list } = open(vendor, { ...wanted, options: { pageSize: 5 } });

    expect(list.hasDelta).toBe(false);
    expect(list).not.toHaveProperty('deltaEverySeconds');
    expect(list).not.toHaveProperty('supportsDelta');
  });

  it.each([true, false])(
    'asks the vendor whether the filter has an effect, within budgets and deadline (%s)',
    async (works) => {
      const vendor = filtering({
        rivals: [],
        async supports({ connectionId, credentials }, { http }) {
          const url = new URL(`https://a.example/meta/${credentials.apiKey}`);
          await http.requestJson({ vendor: 'hosted', connectionId, url, secrets: [] });
          return works;
        },
      });
      const { list, requests } = open(vendor, wanted);

      expect(await list.supportsDelta?.(77)).toBe(works);
      expect(requests.map(({ url, budgets, deadlineMs }) => [url.pathname, budgets, deadlineMs])).toStrictEqual([
        ['/meta/s3cret', [vendorsBudget, ownBudget], 77],
      ]);
    },
  );

  it('asks with the same moment on every page, as much earlier as the vendor lags, and without one for all', async () => {
    const since: (Instant | undefined)[] = [];
    const { list } = open(filtering({ rivals: [], overlapSeconds: 30 }, since), wanted);
    const updatedSince = instant(60_000);

    await list.fetchPage({ cursor: undefined, updatedSince });
    await list.fetchPage({ cursor: cursor('2'), updatedSince });
    await list.fetchPage({ cursor: undefined });

    expect(since).toStrictEqual([instant(30_000), instant(30_000), undefined]);
  });
});
