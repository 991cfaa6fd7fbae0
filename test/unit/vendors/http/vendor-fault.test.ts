import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { vendorFault } from '../../../../src/vendors/http/vendor-fault.ts';

const place = {
  vendor: 'acme',
  connectionId: 'acme-main',
  url: new URL('https://users.example.com/users?key=s3cret'),
  secrets: ['s3cret'],
};

describe('vendorFault', () => {
  it('names vendor, connection, method and address', () => {
    const error = vendorFault(
      { ...place, method: 'POST' },
      { code: 'vendor.not_found', message: 'answered 404', status: 404 },
    );

    expect(error.message).toBe('acme connection acme-main: POST https://users.example.com/users answered 404');
    expect(error.context).toStrictEqual({ vendor: 'acme', address: 'https://users.example.com/users', status: 404 });
    expect(error.disposition).toBe('long_back_off');
  });

  it('keeps of a cause its name, message and code, without the secret', () => {
    const request = { headers: { authorization: 'Bearer s3cret' } };
    const inner = Object.assign(new TypeError('no route to s3cret.example.com'), { code: 'EHOSTUNREACH', request });
    const cause = Object.assign(inner, { cause: new Error('s3cret') });

    const error = vendorFault(place, { code: 'vendor.unavailable', message: 'could not be reached', cause });

    expect(error.cause).toMatchObject({
      name: 'TypeError',
      message: 'no route to [redacted].example.com',
      code: 'EHOSTUNREACH',
    });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('s3cret');
  });

  it('carries how long the vendor asks to wait, and how long was waited in vain', () => {
    const limited = vendorFault(place, { code: 'vendor.rate_limited', message: 'answered 429', retryAfterMs: 7 });
    const late = vendorFault(place, { code: 'vendor.timeout', message: 'did not answer', timeoutMs: 9 });

    expect([limited.context, late.context]).toMatchObject([{ retryAfterMs: 7 }, { timeoutMs: 9 }]);
  });
});
