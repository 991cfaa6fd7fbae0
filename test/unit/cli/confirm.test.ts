import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { confirm } from '../../../cli/confirm.ts';
import { exitCodeOf } from '../../../cli/exit-code.ts';

function terminalThatSays(answer: string | undefined) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = new PassThrough();
  if (answer !== undefined) input.write(answer);
  input.end();
  return { input, output };
}

describe(confirm, () => {
  it.each([
    ['y\n', true],
    ['YES\n', true],
    ['n\n', false],
    ['\n', false],
    ['yesterday\n', false],
    [undefined, false],
  ])('takes %j for %s', async (answer, isAgreed) => {
    expect(await confirm('Really?', { yes: false }, terminalThatSays(answer))).toBe(isAgreed);
  });

  it('asks nobody where the answer came with the command', async () => {
    const { input, output } = terminalThatSays('n\n');

    expect(await confirm('Really?', { yes: true }, { input, output })).toBe(true);
    expect(output.read()).toBeNull();
  });

  it('is wrong usage where there is no terminal to ask', async () => {
    const asking = confirm('Really?', { yes: false }, { input: new PassThrough(), output: new PassThrough() });

    const error = await asking.catch((thrown: unknown) => thrown);
    expect(exitCodeOf(error)).toBe(2);
    expect(String(error)).toContain('--yes: is missing, and there is no terminal to ask: Really?');
  });
});
