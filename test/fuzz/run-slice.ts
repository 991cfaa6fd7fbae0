import type { Json } from '../../src/model/json.ts';
import { createInputs } from './create-inputs.ts';
import { fuzzTargets } from './fuzz-targets.ts';
import { type Finding, toFinding, tryInput } from './try-input.ts';

export type Slice = {
  readonly inputs: number;
  readonly accepted: number;
  readonly findings: readonly (Finding & { readonly input: Json })[];
};

/** So many inputs of a seed, in this process. */
export async function runSlice(name: string, seed: string, count: number): Promise<Slice> {
  const target = await fuzzTargets.get(name)?.();
  if (target === undefined)
    throw new RangeError(`there is no target ${name}, but: ${[...fuzzTargets.keys()].join(' ')}`);
  const inputs = createInputs(target.corpus, `${name}/${seed}`);
  const findings: (Finding & { input: Json })[] = [];
  let accepted = 0;
  for (let tried = 0; tried < count; tried += 1) {
    const input = inputs.next();
    const outcome = await tryInput(target, input);
    if ('finding' in outcome) findings.push({ ...outcome.finding, input });
    else {
      inputs.note(outcome);
      if (outcome.kind === 'accepted') accepted += 1;
    }
  }
  await target.check?.().catch((error: unknown) => findings.push({ ...toFinding(error), input: null }));
  await target.close?.();
  return { inputs: count, accepted, findings };
}
