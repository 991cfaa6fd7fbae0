import { runProgram } from '../support/run-program.ts';
import { type CrashOptions, readCrashOptions } from './crash-options.ts';
import { runLife } from './run-life.ts';

/** A state folder goes through so many kills, so that there are first baselines among what is killed. */
const killsOfALife = 8;

await runProgram(readCrashOptions, crash);

/** Kills `ucf dev` again and again and says what became of it; answers the exit code. */
async function crash({ kills, seed }: CrashOptions): Promise<number> {
  const counts = new Map<string, number>();
  let [passed, failed, done] = [0, 0, 0];
  for (let life = 1; done < kills; life += 1) {
    const wanted = Math.min(killsOfALife, kills - done);
    const { moments, events, faults } = await runLife(`${seed}/${life}`, wanted);
    done += wanted;
    for (const kind of moments) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (faults.length === 0) passed += 1;
    else failed += 1;
    print([`life ${life}: ${moments.length} kills (${moments.join(' ')}), ${events} events, ${faults.length} faults`]);
    if (faults.length > 0) print([`seed ${seed} failed:`, ...faults.map((fault) => `  ${fault}`)]);
  }
  print([JSON.stringify(Object.fromEntries(counts)), `${passed} passed, ${failed} failed`]);
  return failed === 0 ? 0 : 1;
}

function print(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}
