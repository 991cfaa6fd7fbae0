import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createDigester, toHex } from '../../../src/diff/digest.ts';
import { createProtector } from '../../../src/diff/protect-user.ts';
import type { CanonicalUser } from '../../../src/model/canonical-user.ts';
import type { ProtectedField } from '../../../src/model/protection.ts';
import { aFullUser, anObservedUser, at, aUser } from '../../support/builders.ts';

const key = '00112233445566778899aabbccddeeff';
const redacting = (...redact: readonly ProtectedField[]) => createProtector({ redact, hash: [] }, key);
const hashing = (...hash: readonly ProtectedField[]) => createProtector({ redact: [], hash }, key);

/** The hash of a value, computed another way. */
function hashed(value: unknown): string {
  const digest = createHash('sha256')
    .update(`${key}\nvalue\n${JSON.stringify(value)}`)
    .digest('hex');
  return `hashed:${digest.slice(0, 32)}`;
}

describe(createProtector, () => {
  it('gives back the very same user where nothing is protected', () => {
    const user = aFullUser();

    expect(createProtector({ redact: [], hash: [] }, key).protectUser(user)).toBe(user);
  });

  it('takes out what is redacted and leaves the rest', () => {
    const { title: _, emails: __, createdAt: ___, ...rest } = aFullUser();

    expect(redacting('title', 'emails', 'createdAt').protectUser(aFullUser())).toStrictEqual(rest);
  });

  it('takes out one vendor attribute, whatever stands in its name', () => {
    const user = aUser({ vendorAttributes: JSON.parse('{"admin":true,"Admin":1,"a.b":2,"__proto__":3}') });

    const { vendorAttributes } = redacting('vendorAttributes.Admin', 'vendorAttributes.a.b').protectUser(user);

    expect(JSON.stringify(vendorAttributes)).toBe('{"admin":true,"__proto__":3}');
  });

  it('takes out a field and a vendor attribute', () => {
    const user = aUser({ title: 'Dr', vendorAttributes: { admin: true, note: 'n' } });

    expect(redacting('title', 'vendorAttributes.admin').protectUser(user)).toStrictEqual(
      aUser({ vendorAttributes: { note: 'n' } }),
    );
  });

  it('takes vendor attributes out altogether with the last of them', () => {
    const user = aUser({ vendorAttributes: { admin: true } });

    expect(redacting('vendorAttributes.admin').protectUser(user)).toStrictEqual(aUser());
  });

  it('invents nothing for a user who lacks a protected field', () => {
    const user = anObservedUser({ displayName: 'Ada' });
    const protector = createProtector(
      { redact: ['title', 'vendorAttributes.admin'], hash: ['emails', 'vendorAttributes.note', 'bio'] },
      key,
    );

    expect(protector.protectUser(user)).toStrictEqual(user);
  });

  it('hashes what people are called by in emails, phones and urls, and keeps what kind they are', () => {
    const user = hashing('emails', 'phones', 'urls').protectUser(aFullUser());

    expect(user).toStrictEqual({
      ...aFullUser(),
      emails: [{ value: hashed('ada@example.com'), type: 'work', primary: true }],
      phones: [{ value: hashed('+1 555 0100'), type: 'work', extension: hashed('7') }],
      urls: [{ value: hashed('https://example.com/ada'), type: 'home' }],
    });
  });

  it.each<[ProtectedField, CanonicalUser[keyof CanonicalUser], unknown]>([
    ['displayName', 'Ada', hashed('Ada')],
    ['languages', ['en', 'fr'], [hashed('en'), hashed('fr')]],
    ['groups', [{ id: 'g1', name: 'Analysts' }], [{ id: hashed('g1'), name: hashed('Analysts') }]],
    [
      'roles',
      [{ id: 'r1', scope: { type: 'x', n: 1 } }],
      [{ id: hashed('r1'), scope: { type: hashed('x'), n: hashed(1) } }],
    ],
    ['groups', [{ id: 'g1', type: 'team' }] as never, [{ id: hashed('g1'), type: hashed('team') }]],
    ['identifiers', { payroll: 42, card: 'c' }, { payroll: hashed(42), card: hashed('c') }],
  ])('hashes every value in %s', (path, value, expected) => {
    const user = aUser({ [path]: value });

    expect(hashing(path).protectUser(user)).toStrictEqual({ ...user, [path]: expected });
  });

  it.each(['emails', 'displayName', 'vendorAttributes', 'vendorAttributes.note'] as ProtectedField[])(
    'leaves alone what is absent: %s',
    (path) => {
      for (const absent of [undefined, null]) {
        const user = {
          id: '42',
          emails: absent,
          displayName: absent,
          vendorAttributes: absent,
        } as unknown as CanonicalUser;

        expect(hashing(path, 'title').protectUser(user)).toStrictEqual(user);
      }
    },
  );

  it.each<[string, unknown, unknown]>([
    ['a text', 'x', hashed('x')],
    ['a number', 5, hashed(5)],
    ['a flag', false, hashed(false)],
    ['a list', [1, 'a', [true]], [hashed(1), hashed('a'), [hashed(true)]]],
    ['an object', { type: 'x', deep: { n: 1 } }, { type: hashed('x'), deep: { n: hashed(1) } }],
    ['what is absent in another spelling', ['', null, {}], ['', null, {}]],
  ])('hashes in a vendor attribute %s', (_, value, expected) => {
    const user = aUser({ vendorAttributes: { secret: value as never, open: 1 } });

    expect(hashing('vendorAttributes.secret').protectUser(user).vendorAttributes).toStrictEqual({
      secret: expected,
      open: 1,
    });
  });

  it('keeps no kind in a vendor attribute that is called like a field with kinds', () => {
    const user = aUser({ vendorAttributes: { emails: [{ value: 'a@b', type: 'work' }] } });

    expect(hashing('vendorAttributes.emails').protectUser(user).vendorAttributes).toStrictEqual({
      emails: [{ value: hashed('a@b'), type: hashed('work') }],
    });
  });

  it('tells a number from the text of it, and one broken character from another', () => {
    const user = aUser({ vendorAttributes: { a: [5, '5', true, 'true', '\ud800', '\ud801'] } });

    const { vendorAttributes } = hashing('vendorAttributes.a').protectUser(user);

    expect(new Set(vendorAttributes?.a as string[]).size).toBe(6);
  });

  it('hashes equal values alike in every field and for every user, and otherwise under another key', () => {
    const one = hashing('userName').protectUser(aUser({ userName: 'ada@example.com' }));
    const other = hashing('emails').protectUser(aUser({ id: '7', emails: [{ value: 'ada@example.com' }] }));
    const elsewhere = createProtector({ redact: [], hash: ['userName'] }, 'another key').protectUser(
      aUser({ userName: 'ada@example.com' }),
    );

    expect(other.emails?.[0]?.value).toBe(one.userName);
    expect(elsewhere.userName).not.toBe(one.userName);
  });

  it('leaves alone what is hashed already, and hashes what only looks like it', () => {
    const protector = hashing('displayName', 'emails', 'bio', 'title', 'vendorAttributes.n');
    const once = protector.protectUser({ ...aFullUser(), vendorAttributes: { n: 1 }, title: 'hashed:abc' });
    const embedded = `${hashed('x')}\nAda Lovelace`;

    expect(protector.protectUser(once)).toStrictEqual(once);
    expect(once.title).toBe(hashed('hashed:abc'));
    expect(protector.protectUser(aUser({ bio: embedded })).bio).toBe(hashed(embedded));
  });

  it('redacts what is to be redacted and hashed', () => {
    const protector = createProtector({ redact: ['title'], hash: ['title'] }, key);

    expect(protector.protectUser(aUser({ title: 'Dr' }))).toStrictEqual(aUser());
  });

  it('takes out flags and instants that are to be hashed, since no hash has their shape', () => {
    const user = aUser({ emailVerified: true, mfaEnabled: false, lastLoginAt: at(1), createdAt: at(0) });

    expect(hashing('emailVerified', 'mfaEnabled', 'lastLoginAt', 'createdAt').protectUser(user)).toStrictEqual(aUser());
  });

  it('never touches id and status, whatever the settings say', () => {
    const paths = ['id', 'status', 'rawStatus', 'vendorAttributes'] as ProtectedField[];
    const user = aUser({ vendorAttributes: { admin: true } });

    expect(createProtector({ redact: paths, hash: paths }, key).protectUser(user)).toStrictEqual(user);
    expect(hashing(...paths).protectUser(user)).toStrictEqual(user);
  });

  it('shares nothing with the digests of the index', () => {
    const digester = createDigester(key);
    const { displayName } = hashing('displayName').protectUser(aUser({ displayName: '42' }));
    const ofIndex = ['42', '"42"'].flatMap((text) =>
      [digester.keyHash(text), digester.digest(text), digester.userMark(text)].map((bytes) =>
        toHex(bytes).slice(0, 16),
      ),
    );

    expect(ofIndex).not.toContain(displayName?.slice('hashed:'.length, 'hashed:'.length + 16));
  });

  it('changes nothing in place', () => {
    const user = aFullUser();

    createProtector({ redact: ['title', 'vendorAttributes.admin'], hash: ['emails', 'roles'] }, key).protectUser(user);

    expect(user).toStrictEqual(aFullUser());
  });
});
