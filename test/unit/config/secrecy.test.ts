import { describe, expect, it } from 'vitest';
import { createCredentialStore } from '../../../src/config/credentials.ts';
import type { Runtime } from '../../../src/config/secret-reference.ts';
import type { SecretReference } from '../../../src/model/connection.ts';
import { entry, errorOf, everythingIn, parse, parseEntry } from './parse-connections.ts';

const marker = 'sk-live-hunter2';
const plainMarker = 'ghp_hunter2';
const whole = { connections: [entry({ credentials: { apiKey: marker } })] };

describe('parseConnectionFile', () => {
  const spellings: readonly (readonly [string, unknown])[] = [
    ['in place of all credentials', marker],
    ['in a list', [marker]],
    ['as a name', { [marker]: { env: 'K' } }],
    ['as a name beside a known one', { apiKey: { env: 'K' }, [plainMarker]: { env: 'K' } }],
    ['as a literal', { apiKey: marker }],
    ['as a literal under a misspelt name', { apikey: marker }],
    ['in a list of literals', { apiKey: [marker] }],
    ['under an unknown key', { apiKey: { value: marker } }],
    ['as an unknown key', { apiKey: { [marker]: true } }],
    ['as an unknown key beside env', { apiKey: { env: 'K', [marker]: true } }],
    ['under env', { apiKey: { env: marker } }],
    ['under file', { apiKey: { file: marker } }],
    ['under ssm', { apiKey: { ssm: marker } }],
    ['under secretsManager', { apiKey: { secretsManager: `${marker} ` } }],
    ['as a field', { apiKey: { secretsManager: 'K', field: [marker] } }],
    ['as a field of env', { apiKey: { env: 'K', field: marker } }],
    ['under two kinds', { apiKey: { env: marker, ssm: marker } }],
  ];
  const runtimes: readonly Runtime[] = ['embedded', 'deployed'];
  const cases = spellings.flatMap(([where, credentials]) =>
    runtimes.map((runtime) => [where, runtime, credentials] as const),
  );

  it.each(cases)('never shows a secret that stands %s, %s', (_where, runtime, credentials) => {
    for (const vendor of ['hosted', 'hostd']) {
      const shown = everythingIn(errorOf(() => parseEntry({ credentials, vendor, id: 'A' }, runtime)));

      expect(shown).not.toContain(marker);
      expect(shown).not.toContain(plainMarker);
    }
  });

  it('never shows a secret that is a number', () => {
    expect(everythingIn(errorOf(() => parseEntry({ credentials: { apiKey: 40302010 } })))).not.toContain('40302010');
    expect(everythingIn(errorOf(() => parseEntry({ credentials: 40302010 })))).not.toContain('40302010');
  });

  it('never quotes a file that is not JSON, wherever it breaks off', () => {
    const text = JSON.stringify(whole);

    for (let length = 0; length < text.length; length += 1) {
      expect(everythingIn(errorOf(() => parse(text.slice(0, length))))).not.toContain('hunter2');
      expect(everythingIn(errorOf(() => parse(`${text.slice(0, length)}}${text.slice(length)}`)))).not.toContain(
        'hunter2',
      );
    }
    expect(everythingIn(errorOf(() => parse(`{"apiKey": ${marker}}`)))).not.toContain('hunter2');
    expect(everythingIn(errorOf(() => parse(`{${marker}: 1}`)))).not.toContain('hunter2');
  });

  it('never shows a key that stands twice', () => {
    const text = JSON.stringify(whole).replace(`"apiKey":`, `"${marker}":1,"${marker}":2,"apiKey":`);

    expect(everythingIn(errorOf(() => parse(text)))).not.toContain('hunter2');
  });

  it.each([`https://user:${marker}@acme.example`, `https://acme.example?key=${marker}`, `https://user:${marker}@`])(
    'never shows what a base address hides: %s',
    (baseUrl) => {
      expect(everythingIn(errorOf(() => parseEntry({ baseUrl })))).not.toContain('hunter2');
    },
  );

  it('would be caught showing one', () => {
    expect(everythingIn(new Error('x', { cause: new Error(marker) }))).toContain(marker);
    expect(everythingIn(Object.assign(new Error('x'), { context: { deep: [{ value: marker }] } }))).toContain(marker);
  });
});

describe('createCredentialStore', () => {
  it.each<readonly [string, SecretReference]>([
    ['a value with white space', { env: 'SPACED' }],
    ['a value with a line break', { env: 'BROKEN' }],
    ['a file with a line break', { file: '/broken' }],
    ['a key in place of a variable', { env: plainMarker }],
    ['a file system that says too much', { file: '/chatty' }],
  ])('never shows %s', async (_what, reference) => {
    const store = createCredentialStore({
      env: { SPACED: ` ${marker}`, BROKEN: `${marker}\r\nX-Admin: 1` },
      readFile: async (path) => {
        if (path === '/chatty') throw new Error(marker);
        return `${marker}\nX-Admin: 1`;
      },
    });
    const connection = { ...parseEntry(), credentials: { apiKey: reference } };

    const error: unknown = await store.resolve(connection).catch((thrown: unknown) => thrown);

    if (!(error instanceof Error)) throw new TypeError('expected an error');
    expect(everythingIn(error)).not.toContain('hunter2');
  });
});
