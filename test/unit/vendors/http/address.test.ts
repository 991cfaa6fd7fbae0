import { describe, expect, it } from 'vitest';
import { addressOf, isPrivateAddress } from '../../../../src/vendors/http/address.ts';

describe('isPrivateAddress', () => {
  it.each(['https://users.example.com', 'http://localhost:1', 'http://127.0.0.1', 'http://127.1', 'http://[::1]:80'])(
    'accepts %s',
    (url) => {
      expect(isPrivateAddress(new URL(url))).toBe(true);
    },
  );

  it.each([
    'http://users.example.com',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://0.0.0.0',
    'http://10.0.0.1',
    'http://[::2]',
    'ftp://localhost',
  ])('refuses %s', (url) => {
    expect(isPrivateAddress(new URL(url))).toBe(false);
  });
});

describe('addressOf', () => {
  it('shows origin and path only', () => {
    expect(addressOf(new URL('https://me:pw@users.example.com:8443/api?name=Ann#x'))).toBe(
      'https://users.example.com:8443/api',
    );
  });
});
