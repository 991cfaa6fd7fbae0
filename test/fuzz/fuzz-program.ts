import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import type { Json } from '../../src/model/json.ts';
import { createInputs } from './create-inputs.ts';
import type { FuzzMessage } from './fuzz-messages.ts';
import { fuzzTargets } from './fuzz-targets.ts';
import { minimise } from './minimise.ts';
import { shapeOf } from './oracles.ts';
import { type Finding, toFinding, tryInput } from './try-input.ts';

/** Tries inputs of one target until its time is over, or its number of inputs reached. A process of its own: it may crash, hang, or run out of memory. */

const [name = '', seed = '', seconds = '', inputFile = '', mostInputs = ''] = process.argv.slice(2);
const tellEveryMs = 2_000;
const checkEvery = 500;
const mostFindings = 20;

const tell = (message: FuzzMessage) => void process.send?.(message);
const target = await fuzzTargets.get(name)?.();
if (target === undefined) throw new RangeError(`there is no target ${name}`);
const inputs = createInputs(target.corpus, `${name}/${seed}`);
const current = openSync(inputFile, 'w');
const told = new Set<string>();
let input: Json = null;
let tried = 0;
let accepted = 0;

// Nobody is left to tell.
process.on('disconnect', () => process.exit());
process.on('unhandledRejection', (error) => found(toFinding(error), input));
process.on('uncaughtException', (error) => found(toFinding(error), input));

const endsAtMs = Date.now() + Number(seconds) * 1_000;
for (let tellAtMs = 0; Date.now() < endsAtMs && tried < Number(mostInputs); ) {
  input = inputs.next();
  leaveWord(input);
  const outcome = await tryInput(target, input);
  tried += 1;
  if ('finding' in outcome) await reduce(outcome.finding);
  else {
    inputs.note(outcome);
    if (outcome.kind === 'accepted') accepted += 1;
  }
  if (tried % checkEvery === 0) await target.check?.().catch((error: unknown) => found(toFinding(error), input));
  if (Date.now() < tellAtMs) continue;
  tellAtMs = Date.now() + tellEveryMs;
  tell({ kind: 'progress', inputs: tried, accepted });
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  tell({ kind: 'heap', atMs: Date.now(), bytes: heapUsed + external });
}
await target.check?.().catch((error: unknown) => found(toFinding(error), input));
await target.close?.();
closeSync(current);
tell({ kind: 'progress', inputs: tried, accepted });
tell({ kind: 'done' });
process.disconnect?.();

/** Whoever finds this process dead or silent finds here what it died of. */
function leaveWord(next: Json): void {
  ftruncateSync(current, 0);
  writeSync(current, JSON.stringify(next), 0);
}

async function reduce(finding: Finding): Promise<void> {
  if (isKnown(finding)) return;
  const smallest = await minimise(input, async (candidate) => {
    leaveWord(candidate);
    const outcome = await tryInput(target as NonNullable<typeof target>, candidate);
    return 'finding' in outcome && kindOf(outcome.finding) === kindOf(finding);
  });
  found(finding, smallest);
}

function found(finding: Finding, of: Json): void {
  if (isKnown(finding)) return;
  told.add(kindOf(finding));
  tell({ kind: 'found', finding, input: of });
}

function isKnown(finding: Finding): boolean {
  return told.has(kindOf(finding)) || told.size >= mostFindings;
}

/** Two of a kind are one finding: the same rule, in nearly the same words; of a crash, where it happened. */
function kindOf({ rule, message }: Finding): string {
  return `${rule} ${shapeOf(message).slice(0, 80)}`;
}
