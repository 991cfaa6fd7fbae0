import { createInterface } from 'node:readline/promises';
import { usageFault } from './usage-fault.ts';

/** Who is asked, and where the question stands. */
export type Terminal = {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
};

const ownTerminal: Terminal = { input: process.stdin, output: process.stderr };

/**
 * Whether somebody at the terminal agrees; with `yes` nobody is asked.
 * @throws config.invalid where there is no terminal
 */
export async function confirm(
  question: string,
  { yes }: { readonly yes: boolean },
  { input, output }: Terminal = ownTerminal,
): Promise<boolean> {
  if (yes) return true;
  if (input.isTTY !== true) throw usageFault('--yes', `is missing, and there is no terminal to ask: ${question}`);
  const asking = createInterface({ input, output });
  // Whoever ends the input has not agreed.
  const ended = new Promise<string>((resolve) => asking.once('close', () => resolve('')));
  const answer = await Promise.race([asking.question(`${question} [y/N] `), ended]);
  asking.close();
  return /^y(es)?$/i.test(answer.trim());
}
