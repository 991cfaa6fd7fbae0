import { describe, expect, it } from 'vitest';
import { createRedactor, secretsOfHeader } from '../../../../src/vendors/http/redact.ts';

describe('createRedactor', () => {
  it('leaves nothing of a secret that contains another one', () => {
    expect(createRedactor(['abc', 'abcdef'])('x abcdef y abc z')).toBe('x [redacted] y [redacted] z');
  });

  it.each(['Pj4+Pz8/', 'Pj4-Pz8_'])('knows a secret in either alphabet of base64: %s', (spelled) => {
    expect(createRedactor(['>>>???'])(`key=${spelled}`)).toBe('key=[redacted]');
  });

  it('ignores an empty secret', () => {
    expect(createRedactor([''])('as it was')).toBe('as it was');
  });

  it('takes a secret for a text, not for a pattern', () => {
    expect(createRedactor(['a.c$&'])('abc a.c$&')).toBe('abc [redacted]');
  });

  it('cuts e-mail addresses out', () => {
    expect(createRedactor([])('ask "ann@example.com", or bob+x@mail.example.org: now')).toBe(
      'ask "[address]", or [address]: now',
    );
  });

  it('survives a secret that is not well-formed text', () => {
    expect(createRedactor(['\ud800x'])('say \ud800x')).toBe('say [redacted]');
  });
});

describe('secretsOfHeader', () => {
  it('finds the password of a Basic header, with colons in it', () => {
    const header = `Basic ${Buffer.from('apikey:a:b').toString('base64')}`;

    expect(secretsOfHeader(header)).toStrictEqual([header.slice(6), 'apikey:a:b', 'a:b']);
  });

  it('finds a token', () => {
    expect(secretsOfHeader('Bearer t1')).toStrictEqual(['t1']);
  });

  it('finds nothing where there is no header', () => {
    expect(secretsOfHeader(undefined)).toStrictEqual([]);
  });
});
