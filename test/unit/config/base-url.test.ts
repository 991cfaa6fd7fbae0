import { describe, expect, it } from 'vitest';
import { readBaseUrl } from '../../../src/config/base-url.ts';

const secret = 'hunter2';
const faultOf = (text: string): string => {
  const read = readBaseUrl(text);
  return 'fault' in read ? read.fault : `accepted as ${read.baseUrl}`;
};

describe('readBaseUrl', () => {
  it.each([
    ['https://users.acme.example', 'https://users.acme.example'],
    ['https://users.acme.example/', 'https://users.acme.example'],
    ['https://acme.example/openproject//', 'https://acme.example/openproject'],
    ['HTTPS://Users.ACME.example:443/Path', 'https://users.acme.example/Path'],
    ['https://acme.example:8443', 'https://acme.example:8443'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
    ['http://127.8.9.10', 'http://127.8.9.10'],
    ['http://[::1]:8080/v1', 'http://[::1]:8080/v1'],
  ])('reads %s as %s', (text, baseUrl) => {
    expect(readBaseUrl(text)).toStrictEqual({ baseUrl });
  });

  it.each([
    'http://users.acme.example',
    'http://127.0.0.1.acme.example',
    'http://localhost.acme.example',
    'http://128.0.0.1',
    'http://[::2]',
    'http://[::ffff:127.0.0.1]',
    'http://0.0.0.0',
  ])('refuses plain http beyond loopback: %s', (text) => {
    expect(faultOf(text)).toMatch(/^expected https, found "http:.*for loopback only$/);
  });

  it.each([
    '',
    'users.acme.example',
    'ftp://acme.example',
    'https:acme.example',
    '//acme.example',
    'https://',
    'https://a b',
    ' https://a',
    'https://a\n',
    'https://a\\b',
  ])('refuses %j as no address, and shows it', (text) => {
    expect(faultOf(text)).toBe(`expected an address like https://users.acme.example, found ${JSON.stringify(text)}`);
  });

  it.each([`https://${secret}@acme.example`, `https://user:${secret}@acme.example`, `http://:${secret}@localhost`])(
    'refuses user name and password without showing them: %s',
    (text) => {
      expect(faultOf(text)).toContain('without user name and password (not shown)');
      expect(faultOf(text)).not.toContain(secret);
    },
  );

  it.each([
    `https://acme.example/v1?key=${secret}`,
    `https://acme.example/v1#${secret}`,
    'https://acme.example/v1?',
    'https://acme.example/v1#',
  ])('refuses query and fragment without showing them: %s', (text) => {
    expect(faultOf(text)).toContain('write "https://acme.example/v1"');
    expect(faultOf(text)).not.toContain(secret);
  });

  it.each([`https://user:${secret} @acme.example`, `user:${secret}@acme.example`, `acme.example?key=${secret}`])(
    'shows nothing of an unreadable address that may hold a password: %s',
    (text) => {
      expect(faultOf(text)).toContain('not shown');
      expect(faultOf(text)).not.toContain(secret);
    },
  );
});
