import { describe, expect, it } from 'vitest';
import { explainFileFailure } from '../../../src/config/file-failure.ts';

const failure = (code: string) => Object.assign(new Error(`${code}: open '/k'`), { code });

describe('explainFileFailure', () => {
  it.each([
    [failure('EACCES'), 'this user has no permission to read it'],
    [failure('EPERM'), 'this user has no permission to read it'],
    [failure('EMFILE'), 'the system answers EMFILE'],
    [new Error('hunter2'), 'the system answers unknown error'],
    ['hunter2', 'the system answers unknown error'],
  ])('explains %s', (thrown, reason) => {
    expect(explainFileFailure(thrown)).toBe(reason);
  });
});
