import type { SimulatedDirectory } from '../local/simulators/simulated-directory.ts';

/** What an entry of a user without a title takes, or a few bytes less: keys, digests, addresses, instants. */
const bytesBesides = 622;

/** Gives everybody a title so long that his entry is about so large; names stay in ASCII, where a letter is a byte. */
export function padPeople(directory: SimulatedDirectory, userBytes: number): void {
  for (const { id, number } of directory.people()) {
    const title = `Title ${number} `.padEnd(Math.max(12, userBytes - bytesBesides), 'x');
    directory.change(id, { givenName: 'Ada', familyName: 'Baumann', title });
  }
}
