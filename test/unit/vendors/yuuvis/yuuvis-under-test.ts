import { afterEach, beforeEach } from 'vitest';
import { connectionId, cursor, userId } from '../../../../src/model/ids.ts';
import type { Page } from '../../../../src/model/page.ts';
import type { Presence, VendorTarget } from '../../../../src/vendors/vendor.ts';
import { type YuuvisOptions, yuuvis } from '../../../../src/vendors/yuuvis/vendor.ts';
import {
  answerJson,
  type ScriptedAnswer,
  startVendorServer,
  type VendorServer,
} from '../../../support/vendor-server.ts';
import { createTestIo, type TestIo } from '../vendor-io.ts';

type Settings = Partial<Omit<VendorTarget<YuuvisOptions>, 'options' | 'connectionId'>> & {
  readonly connection?: string;
  readonly options?: object;
};

/** A yuuvis on loopback with a script, and the adapter that asks it; both fresh for every test. */
export type YuuvisUnderTest = {
  readonly server: VendorServer;
  readonly io: TestIo;
  /** `from` is where a page before said to go on. */
  fetchPage(settings?: Settings, from?: string | null): Promise<Page>;
  probe(id: string, settings?: Settings): Promise<Presence | undefined>;
};

export function openYuuvis(): () => YuuvisUnderTest {
  let opened: { readonly server: VendorServer; readonly io: TestIo } | undefined;
  const current = () => {
    if (opened === undefined) throw new Error('no test is running');
    return opened;
  };
  beforeEach(async () => {
    opened = { server: await startVendorServer(), io: createTestIo({ maxTries: 2 }) };
  });
  afterEach(async () => {
    const { server, io } = current();
    await io.close();
    await server.finish();
  });
  const target = ({ connection = 'acme-yuuvis', options = {}, ...changes }: Settings = {}) => ({
    connectionId: connectionId(connection),
    baseUrl: current().server.baseUrl,
    credentials: { username: 'reader', password: 's3cret' },
    options: yuuvis.options.parse({ tenant: 'acme', ...options }),
    ...changes,
  });
  return () => ({
    ...current(),
    fetchPage: (settings, from) =>
      yuuvis.fetchPage(
        { ...target(settings), cursor: typeof from === 'string' ? cursor(from) : undefined },
        current().io,
      ),
    probe: async (id, settings) => yuuvis.probeUser?.({ ...target(settings), userId: userId(id) }, current().io),
  });
}

/** A page of users with these ids, in this order. */
export function pageOf(ids: readonly string[], changes: object = {}): ScriptedAnswer {
  const objects = ids.map((id) => ({ id, username: `name-of-${id}`, enabled: true, createdTimestamp: 0 }));
  return answerJson({ objects, numItems: ids.length, totalNumItems: 10, hasMoreItems: true, ...changes });
}

export function idsOf(page: Page): readonly string[] {
  return page.users.map(({ id }) => id);
}
