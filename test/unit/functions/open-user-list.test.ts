import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { openUserList } from '../../../functions/open-user-list.ts';
import { choosePurpose } from '../../../src/diff/sweep-policy.ts';
import { defaultBrakeRules } from '../../../src/model/brake.ts';
import type { Connection } from '../../../src/model/connection.ts';
import { FeedError } from '../../../src/model/feed-error.ts';
import { connectionId, cursor, userId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import type { HttpRequest } from '../../../src/vendors/http/http-client.ts';
import type { Vendor, VendorIo } from '../../../src/vendors/vendor.ts';
import { hosted } from '../config/fake-vendors.ts';

const connection: Connection = {
  id: connectionId('acme'),
  vendor: 'hosted',
  tenantId: 'acme',
  baseUrl: 'https://users.acme.example',
  credentials: { apiKey: { env: 'KEY' } },
  everySeconds: 900,
  baseline: 'silent',
  deletion: { confirmSweeps: 2, probe: true, maxProbes: 20 },
  brake: defaultBrakeRules,
  ignoredFields: [],
  protection: { redact: ['title'], hash: ['emails'] },
  payload: 'thin',
  emitSweepCompleted: false,
  options: {},
};

const vendorsBudget = { key: 'hosted s3cret', requests: 5, perMs: 1_000 };

/** A vendor that sends one request a page, forgetting its budgets, and whose pages hold two users of three numbers. */
const numbered: Vendor = {
  ...(hosted as Vendor),
  scope: () => ({ status: 'active' }),
  budgets: ({ credentials }) => [{ ...vendorsBudget, key: `hosted ${credentials.apiKey}` }],
  async fetchPage({ cursor: at, connectionId: id }, { http }) {
    const number = Number(at ?? 1);
    const url = new URL(`https://users.acme.example/${number}`);
    const { receivedAt: observedAt } = await http.requestJson({ vendor: 'hosted', connectionId: id, url, secrets: [] });
    return {
      users: [{ id: userId(`a${number}`), userType: 'robot' }, { id: userId(`b${number}`) }],
      rejected: [],
      next: number < 3 ? cursor(String(number + 1)) : null,
      evidence: { total: 3 },
      observedAt,
    };
  },
};

function openList(changes: Partial<Connection> = {}, vendor: Vendor = numbered) {
  const requests: HttpRequest[] = [];
  let resolved = 0;
  const io = {
    http: {
      requestJson: async (request: HttpRequest) => {
        requests.push(request);
        return { status: 200, headers: {}, body: {}, receivedAt: instant(0), setCookies: [], retries: 0 };
      },
    },
  } as unknown as VendorIo;
  const list = openUserList(
    { ...connection, ...changes },
    {
      findVendor: (id) => (id === vendor.id ? vendor : undefined),
      io,
      resolveCredentials: async () => {
        resolved += 1;
        return { apiKey: 's3cret' };
      },
    },
  );
  return { list, requests, credentialsRead: () => resolved };
}

describe(openUserList, () => {
  it("puts the vendor's budgets and the connection's own on every request, and the deadline", async () => {
    const { list, requests } = openList({ requestBudget: { requests: 2, perMs: 60_000 } });

    await list.fetchPage({ cursor: undefined, deadlineMs: 99 });

    expect(requests.map(({ budgets, deadlineMs }) => ({ budgets, deadlineMs }))).toStrictEqual([
      { budgets: [vendorsBudget, { key: 'connection acme', requests: 2, perMs: 60_000 }], deadlineMs: 99 },
    ]);
  });

  it('has no budget where neither has one', async () => {
    const { budgets: _, ...unlimited } = numbered;
    const { list, requests } = openList({}, unlimited);

    await list.fetchPage({ cursor: undefined });

    expect(requests[0]?.budgets).toStrictEqual([]);
  });

  it('reads the credentials once, when the first page is asked for', async () => {
    const { list, credentialsRead } = openList();
    const before = credentialsRead();

    await list.fetchPage({ cursor: undefined });
    await list.fetchPage({ cursor: cursor('2') });

    expect([before, credentialsRead()]).toStrictEqual([0, 1]);
  });

  it('fetches one page at a time where pages have no addresses', async () => {
    const { list, requests } = openList();

    await list.fetchPage({ cursor: undefined });

    expect(requests).toHaveLength(1);
  });

  it('fetches the following pages at once where they have', async () => {
    const { list, requests } = openList(
      {},
      {
        ...numbered,
        pageAt: ({ next, evidence }, ahead) =>
          next !== null && Number(next) + ahead <= (evidence.total ?? 0)
            ? cursor(String(Number(next) + ahead))
            : undefined,
      },
    );

    const first = await list.fetchPage({ cursor: undefined });
    const second = await list.fetchPage({ cursor: first.next ?? undefined });

    expect(second.users.map(({ id }) => id)).toStrictEqual(['a2', 'b2']);
    expect(requests.map(({ url }) => url.pathname)).toStrictEqual(['/1', '/2', '/3']);
  });

  it('shows the users the connection is about, and counts the others', async () => {
    const { list } = openList({ users: { exclude: { userTypes: ['robot'] } } });

    const { users, excluded, next } = await list.fetchPage({ cursor: undefined });

    expect({ users, excluded, next }).toStrictEqual({ users: [{ id: 'b1' }], excluded: ['a1'], next: '2' });
  });

  it('has another scope with other rules, and the one it always had without', () => {
    const scopeWith = (users?: Connection['users']) => openList(users && { users }).list.scope;
    const [none, one, two] = [
      scopeWith(),
      scopeWith({ exclude: { userTypes: ['robot'] } }),
      scopeWith({ include: { userTypes: ['robot'] } }),
    ];

    expect(none).toBe('{"status":"active"}');
    expect(one).toBe('{"connection.users":{"exclude":{"userTypes":["robot"]}},"status":"active"}');
    expect(new Set([none, one, two]).size).toBe(3);
  });

  it.each<[string, Partial<Connection>, Vendor, RegExp]>([
    ['the vendor', { vendor: 'gone' }, numbered, /acme\.vendor: this version knows no vendor "gone"/],
    ['an option', { options: { pageSize: 0 } }, numbered, /acme\.options\.pageSize: expected/],
    [
      'the name of an option',
      { options: { pageSize: 5 } },
      { ...numbered, options: z.strictObject({}) },
      /acme\.options\.pageSize: /,
    ],
    ['the address', { baseUrl: '' }, numbered, /acme\.baseUrl: expected an address/],
  ])('fails the first page where %s is not of this version', async (_what, changes, vendor, message) => {
    const { list, requests, credentialsRead } = openList(changes, vendor);

    await expect(list.fetchPage({ cursor: undefined })).rejects.toMatchObject({
      code: 'config.invalid',
      message: expect.stringMatching(message),
    });
    expect([requests.length, credentialsRead()]).toStrictEqual([0, 0]);
  });

  it('is cut like no other list where the settings are of no use, and asks for nothing but its page', () => {
    const whole: Vendor = { ...numbered, scope: () => ({}) };
    const broken = openList({ vendor: 'gone', deltaEverySeconds: 60 }).list;

    for (const { list } of [openList(), openList({}, whole)])
      expect(choosePurpose(list, { ...broken, directory: list.directory })).not.toBe('live');
    expect([broken.hasDelta, broken.probeAbsence, broken.supportsDelta]).toStrictEqual([false, undefined, undefined]);
  });

  it('hands on what the connection says of deletions, limits, protection and payload', () => {
    const { list } = openList();

    expect({ ...connection, ...list }).toMatchObject({
      deletion: connection.deletion,
      brake: connection.brake,
      protection: connection.protection,
      payload: 'thin',
    });
  });

  it('is narrowed by options of the vendor alone', () => {
    const whole: Vendor = { ...numbered, scope: () => ({}) };
    const users: Connection['users'] = { exclude: { userTypes: ['robot'] } };

    expect([openList().list.isNarrowed, openList({ users }, whole).list.isNarrowed]).toStrictEqual([true, false]);
  });
});

describe('a secret that was rotated', () => {
  it('counts from the page on that the vendor refuses', async () => {
    const used: (string | undefined)[] = [];
    const reads: (boolean | undefined)[] = [];
    const rotating: Vendor = {
      ...numbered,
      async fetchPage(ask, io) {
        used.push(ask.credentials.apiKey);
        if (ask.cursor !== undefined && ask.credentials.apiKey === 'old')
          throw new FeedError('vendor.unauthorized', 'no', { vendor: 'hosted', address: 'a' });
        return numbered.fetchPage(ask, io);
      },
    };
    const http = { requestJson: async () => ({ receivedAt: instant(0) }) };
    const list = openUserList(connection, {
      findVendor: () => rotating,
      io: { http } as unknown as VendorIo,
      resolveCredentials: async (_, isRefused) => {
        reads.push(isRefused);
        return { apiKey: isRefused ? 'new' : 'old' };
      },
    });

    await list.fetchPage({ cursor: undefined });
    await list.fetchPage({ cursor: cursor('2') });
    await list.fetchPage({ cursor: cursor('3') });

    expect([used, reads]).toStrictEqual([
      ['old', 'old', 'new', 'new'],
      [false, true],
    ]);
  });
});
