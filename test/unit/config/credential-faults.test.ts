import { describe, expect, it } from 'vitest';
import { findCredentialFaults } from '../../../src/config/credential-faults.ts';
import { entryFaults, parseEntry } from './parse-connections.ts';

const accepts = 'hosted accepts apiKey, token or clientId + clientSecret + tokenUrl';
const write = 'write {"env": "NAME"} or {"file": "./PATH"}';
const writeDeployed = 'write {"ssm": "/PATH"} or {"secretsManager": "NAME"}';
const env = { env: 'ACME_KEY' };

describe('findCredentialFaults', () => {
  it.each([{ apiKey: env }, { token: env }, { clientId: env, tokenUrl: env, clientSecret: env }])(
    'accepts the set %j',
    (credentials) => {
      expect(parseEntry({ credentials }).credentials).toStrictEqual(credentials);
    },
  );

  it.each([
    [undefined, 'is missing'],
    [null, 'expected an object, found null'],
    [[], 'expected an object, found an empty list'],
    [{}, 'names none of the accepted credentials'],
    [{ clientId: env }, 'lacks clientSecret and tokenUrl (found clientId)'],
    [{ apiKey: env, token: env }, 'has token too many (found apiKey and token)'],
    [{ token: env, clientId: env }, 'has clientId too many (found token and clientId)'],
    [
      { clientId: env, clientSecret: env, tokenUrl: env, apiKey: env },
      'has apiKey too many (found clientId, clientSecret, tokenUrl and apiKey)',
    ],
  ])('refuses %j and lists the accepted sets', (credentials, problem) => {
    expect(entryFaults({ credentials })).toStrictEqual([`credentials: ${problem}; ${accepts}`]);
  });

  it('suggests the name that was meant, without a second fault for its absence', () => {
    expect(entryFaults({ credentials: { apikey: env } })).toStrictEqual([
      'credentials: name 1 in it is unknown (not shown): did you mean "apiKey"?',
    ]);
  });

  it('compares with the accepted set that lacks least', () => {
    const sets = [
      ['username', 'password', 'tokenUrl'],
      ['username', 'otp'],
    ];
    const accepted = { vendor: 'v', sets, names: [], runtime: 'embedded' } as const;

    expect(findCredentialFaults({ username: env }, 'credentials', accepted)).toStrictEqual([
      {
        path: 'credentials',
        message: 'lacks otp (found username); v accepts username + password + tokenUrl or username + otp',
      },
    ]);
  });

  it('does not show an unknown name', () => {
    expect(entryFaults({ credentials: { apiKey: env, hunter2: env } })).toStrictEqual([
      'credentials: name 2 in it is unknown (not shown): remove it',
    ]);
    expect(entryFaults({ credentials: JSON.parse('{"__proto__": {"env": "X"}}') })).toStrictEqual([
      `credentials: names none of the accepted credentials; ${accepts}`,
      'credentials: name 1 in it is unknown (not shown): remove it',
    ]);
  });

  it('judges the references also where the name or the vendor is unknown', () => {
    expect(entryFaults({ credentials: { apikey: 'x' } })[1]).toMatch(/^credentials\[name 1\]: found a literal text/);
    expect(entryFaults({ vendor: 'hostd', credentials: { apiKey: 'x', b: env } })).toStrictEqual([
      'vendor: expected "hosted" or "service", found "hostd": did you mean "hosted"?',
      `credentials.apiKey: found a literal text (not shown), and secrets never stand in this file: ${write}`,
      'credentials: name 2 in it is unknown (not shown): remove it',
    ]);
  });

  it("shows a name that is another vendor's", () => {
    const changes = { vendor: 'service', options: { accountId: '7' } };

    expect(entryFaults({ ...changes, credentials: { token: env } })).toStrictEqual([
      'credentials: lacks apiKey and has token too many (found token); service accepts apiKey',
    ]);
  });
});

describe('explainReference', () => {
  it.each([{ env: 'acme_key' }, { env: '_K9' }, { file: '/run/secrets/key' }])('accepts %j embedded', (reference) => {
    expect(parseEntry({ credentials: { apiKey: reference } }).credentials).toStrictEqual({ apiKey: reference });
  });

  it.each([
    { ssm: '/acme/openproject/key' },
    { ssm: 'arn:aws:ssm:eu-central-1:111122223333:parameter/acme/key' },
    { secretsManager: 'acme/openproject' },
    { secretsManager: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:acme-AbCdEf', field: 'api key' },
  ])('accepts %j deployed', (reference) => {
    expect(parseEntry({ credentials: { apiKey: reference } }, 'deployed').credentials).toStrictEqual({
      apiKey: reference,
    });
  });

  it.each([
    ['./key', '/etc/feed/key'],
    ['key.txt', '/etc/feed/key.txt'],
    ['../secrets/key', '/etc/secrets/key'],
  ])('finds the file %s beside the connection file', (file, located) => {
    expect(parseEntry({ credentials: { apiKey: { file } } }).credentials).toStrictEqual({ apiKey: { file: located } });
  });

  it.each([{ env: 'K' }, { file: '/k' }])('refuses %j for a stack and says why', (reference) => {
    const [kind] = Object.keys(reference);

    expect(entryFaults({ credentials: { apiKey: reference } }, 'deployed')).toStrictEqual([
      `credentials.apiKey: what ${kind} names is kept on this machine, and a deployed function sees neither its environment nor its files: ${writeDeployed}`,
    ]);
  });

  it.each([{ ssm: '/k' }, { secretsManager: 'k', field: 'f' }])(
    'refuses %j in the embedded runtime and says why',
    (reference) => {
      const [kind] = Object.keys(reference);

      expect(entryFaults({ credentials: { apiKey: reference } })).toStrictEqual([
        `credentials.apiKey: what ${kind} names is kept in AWS, and the embedded runtime works without an AWS account: ${write}`,
      ]);
    },
  );

  it.each([
    ['hunter2', `found a literal text (not shown), and secrets never stand in this file: ${write}`],
    [7, `expected a reference to a secret, found a number (not shown): ${write}`],
    [null, `expected a reference to a secret, found null: ${write}`],
    [[env], `expected a reference to a secret, found a list of 1: ${write}`],
    [{}, `expected one of env, file, ssm or secretsManager, found other keys or none (not shown): ${write}`],
    [
      { value: 'hunter2' },
      `expected one of env, file, ssm or secretsManager, found other keys or none (not shown): ${write}`,
    ],
    [{ env: 'K', ssm: '/k' }, 'names env and ssm together: keep exactly one'],
    [{ env: 'K', hunter2: 1 }, 'has keys besides env (not shown): remove them'],
    [{ env: 'K', field: 'f' }, 'has keys besides env (not shown): remove them ("field" goes with secretsManager only)'],
    [
      { env: '' },
      'expected the name of an environment variable: letters, digits and underscores (the value found is not shown)',
    ],
    [
      { env: 'sk-hunter2' },
      'expected the name of an environment variable: letters, digits and underscores (the value found is not shown)',
    ],
    [
      { env: 7 },
      'expected the name of an environment variable: letters, digits and underscores (the value found is not shown)',
    ],
  ])('refuses %j without showing it', (reference, message) => {
    expect(entryFaults({ credentials: { apiKey: reference } })).toStrictEqual([`credentials.apiKey: ${message}`]);
  });

  it.each(['', 'hunter2', '~/key', './a\nb', 'eyJhbGciOi.eyJzdWIiOi.SflKxwRJSMeKKF2QT4'])(
    'refuses %j as the path of a file',
    (file) => {
      expect(entryFaults({ credentials: { apiKey: { file } } })[0]).toMatch(
        /^credentials\.apiKey: expected the path of a file, .*not shown\)$/,
      );
    },
  );

  it.each([
    { ssm: 'hunter2' },
    { ssm: '/' },
    { ssm: '/a b' },
    { secretsManager: '' },
    { secretsManager: 'a b' },
    { secretsManager: 'a', field: '' },
  ])('refuses %j deployed', (reference) => {
    expect(entryFaults({ credentials: { apiKey: reference } }, 'deployed')[0]).toMatch(
      /^credentials\.apiKey: expected the name .*not shown\)$/,
    );
  });
});
