import { describe, expect, it } from 'vitest';
import { readNetworkFault } from '../../../../src/vendors/http/network-fault.ts';

const coded = (code: string, cause?: unknown) => Object.assign(new Error('failed', { cause }), { code });

describe('readNetworkFault', () => {
  it.each([
    ['a code', coded('ECONNRESET'), 'ECONNRESET'],
    ['a code inside of undici’s own', coded('UND_ERR_SOCKET', coded('ECONNREFUSED')), 'ECONNREFUSED'],
    ['several addresses tried', new AggregateError([coded('ENETUNREACH'), coded('ECONNREFUSED')]), 'ENETUNREACH'],
    ['no code', new Error('failed'), 'the connection failed'],
    ['no error', 'failed', 'the connection failed'],
  ])('names the fault of %s, and it is worth another try', (_what, thrown, reason) => {
    expect(readNetworkFault(thrown)).toStrictEqual({ reason, isWorthRetry: true });
  });

  it.each([
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UND_ERR_INVALID_ARG',
  ])('does not try again after %s', (code) => {
    expect(readNetworkFault(coded(code))).toStrictEqual({ reason: code, isWorthRetry: false });
  });
});
