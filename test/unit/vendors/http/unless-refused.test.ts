import { describe, expect, it } from 'vitest';
import { FeedError } from '../../../../src/model/feed-error.ts';
import { unlessRefused } from '../../../../src/vendors/http/unless-refused.ts';

const place = { vendor: 'v', address: 'https://a.example' };

describe(unlessRefused, () => {
  it('passes on what is answered', async () => {
    expect(await unlessRefused(Promise.resolve(7))).toBe(7);
  });

  it.each(['vendor.not_found', 'vendor.forbidden', 'vendor.rejected_request', 'vendor.bad_response'] as const)(
    'makes nothing of %s',
    async (code) => {
      expect(await unlessRefused(Promise.reject(new FeedError(code, 'no', place)))).toBeUndefined();
    },
  );

  it.each(['vendor.unauthorized', 'vendor.unavailable', 'vendor.out_of_time'] as const)('throws %s', async (code) => {
    const refused = new FeedError(code, 'no', place);

    await expect(unlessRefused(Promise.reject(refused))).rejects.toBe(refused);
  });

  it('throws what is no fault of the vendor', async () => {
    await expect(unlessRefused(Promise.reject(new TypeError('a bug')))).rejects.toThrow('a bug');
  });
});
