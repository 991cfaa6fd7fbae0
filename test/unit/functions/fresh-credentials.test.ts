import { describe, expect, it } from 'vitest';
import { createFreshCredentials } from '../../../functions/fresh-credentials.ts';
import { FeedError } from '../../../src/model/feed-error.ts';

const refusal = new FeedError('vendor.unauthorized', 'no', { vendor: 'v', address: 'a' });

/** A secret that is rotated on request, and a vendor that takes one value of it. */
function openSecret(accepted: string, values: readonly (string | Error)[]) {
  const reads: boolean[] = [];
  const asked: string[] = [];
  const fresh = createFreshCredentials(async (isRefused) => {
    const value = values[Math.min(reads.push(isRefused), values.length) - 1];
    if (value instanceof Error) throw value;
    return { apiKey: value ?? '' };
  });
  const ask = () =>
    fresh.askWith(async ({ apiKey = '' }) => {
      asked.push(apiKey);
      if (apiKey !== accepted) throw refusal;
      return apiKey;
    });
  return { ask, reads, asked };
}

describe('createFreshCredentials', () => {
  it('reads once for many questions', async () => {
    const { ask, reads } = openSecret('good', ['good']);

    await Promise.all([ask(), ask()]);
    await ask();

    expect(reads).toStrictEqual([false]);
  });

  it('reads anew where the vendor refuses, and asks again with what it got', async () => {
    const { ask, reads, asked } = openSecret('new', ['old', 'new']);

    expect([await ask(), await ask()]).toStrictEqual(['new', 'new']);
    expect([reads, asked]).toStrictEqual([
      [false, true],
      ['old', 'new', 'new'],
    ]);
  });

  it('asks once and reads once more where the secret is the same, however often it is refused', async () => {
    const { ask, reads, asked } = openSecret('good', ['bad']);

    await expect(ask()).rejects.toBe(refusal);
    await expect(ask()).rejects.toBe(refusal);

    expect([reads, asked]).toStrictEqual([
      [false, true],
      ['bad', 'bad'],
    ]);
  });

  it('reads anew once for several refusals at the same time', async () => {
    const { ask, reads } = openSecret('new', ['old', 'new']);

    await Promise.all([ask(), ask(), ask()]);

    expect(reads).toStrictEqual([false, true]);
  });

  it('keeps the refusal where the secret cannot be read anew', async () => {
    const { ask } = openSecret('new', ['old', new Error('throttled')]);

    await expect(ask()).rejects.toBe(refusal);
  });

  it('reads nothing anew for another fault', async () => {
    const reads: boolean[] = [];
    const fresh = createFreshCredentials(async (isRefused) => {
      reads.push(isRefused);
      return {};
    });
    const forbidden = new FeedError('vendor.forbidden', 'no', { vendor: 'v', address: 'a' });

    await expect(fresh.askWith(() => Promise.reject(forbidden))).rejects.toBe(forbidden);
    expect(reads).toStrictEqual([false]);
  });
});
