import { describe, expect, it } from 'vitest';
import { createProtectorCache, protectorLifeMs } from '../../../functions/protector-cache.ts';
import { createProtector } from '../../../src/diff/protect-user.ts';
import { connectionId } from '../../../src/model/ids.ts';
import type { Protection } from '../../../src/model/protection.ts';
import { aUser } from '../../support/builders.ts';

const [acme, other] = [connectionId('acme'), connectionId('other')];
const redactTitle: Protection = { redact: ['title'], hash: [] };
const ada = aUser({ title: 'Dr' });

/** Connections whose protection and key can be changed, and a count of reads. */
function openSources(given: { protection?: Protection; digestKey?: string } = {}) {
  const sources = { nowMs: 0, reads: 0, ...given };
  const store = {
    async readConnection() {
      sources.reads += 1;
      return sources.protection && { protection: sources.protection };
    },
    async readState() {
      return sources.digestKey === undefined ? undefined : { digestKey: sources.digestKey };
    },
  };
  return { sources, protectorOf: createProtectorCache({ store, nowMs: () => sources.nowMs }) };
}

describe(createProtectorCache, () => {
  it('masks by the settings and the key of a connection', async () => {
    const hashTitle: Protection = { redact: [], hash: ['title'] };
    const { protectorOf } = openSources({ protection: hashTitle, digestKey: 'key' });

    const protector = await protectorOf(acme);

    expect(protector.protectUser(ada)).toStrictEqual(createProtector(hashTitle, 'key').protectUser(ada));
  });

  it('masks nothing for a connection that no longer exists', async () => {
    const { protectorOf } = openSources({ digestKey: 'key' });

    expect((await protectorOf(acme)).protectUser(ada)).toBe(ada);
  });

  it('reads once in a minute for each connection, and takes a new protection up after it', async () => {
    const { sources, protectorOf } = openSources({ protection: { redact: [], hash: [] }, digestKey: 'key' });
    await protectorOf(acme);
    await protectorOf(other);
    sources.protection = redactTitle;
    sources.nowMs = protectorLifeMs - 1;

    const before = await protectorOf(acme);
    sources.nowMs = protectorLifeMs;
    const after = await protectorOf(acme);

    expect(before.protectUser(ada)).toBe(ada);
    expect(after.protectUser(ada)).toStrictEqual(aUser());
    expect(sources.reads).toBe(3);
  });

  it('refuses to hash without a key, and asks again at once when it failed', async () => {
    const { sources, protectorOf } = openSources({ protection: redactTitle });

    await expect(protectorOf(acme)).rejects.toMatchObject({ code: 'internal.invariant' });

    sources.digestKey = 'key';
    expect((await protectorOf(acme)).protectUser(ada)).toStrictEqual(aUser());
  });
});
