import type { Json } from '../../src/model/json.ts';
import { Broken, type FuzzOutcome, type FuzzTarget } from './fuzz-target.ts';
import { refusePollution } from './oracles.ts';

/** What an input has broken. */
export type Finding = { readonly rule: string; readonly message: string };

/** Runs one input; whatever is thrown is a finding. */
export async function tryInput(target: FuzzTarget, input: Json): Promise<FuzzOutcome | { readonly finding: Finding }> {
  try {
    const outcome = await target.run(input);
    refusePollution();
    return outcome;
  } catch (error) {
    return { finding: toFinding(error) };
  }
}

export function toFinding(error: unknown): Finding {
  if (error instanceof Broken) return { rule: error.rule, message: error.message };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { rule: 'crash', message: message.split('\n').slice(0, 6).join('\n') };
}
