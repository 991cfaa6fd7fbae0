import type { Fault } from '../model/feed-error.ts';
import { nearestWord } from './nearest-word.ts';
import { explainReference, type Runtime } from './secret-reference.ts';
import { joinWords, nameKind } from './wording.ts';

/** What a vendor takes as credentials. */
export type AcceptedCredentials = {
  readonly vendor: string;
  /** Every accepted set of names; empty where the vendor is not known, so that only the values are judged. */
  readonly sets: readonly (readonly string[])[];
  /** The names any vendor takes: they may be shown. */
  readonly names: readonly string[];
  /** Decides which references are accepted. */
  readonly runtime: Runtime;
};

/** Everything wrong with the credentials of one connection. Shows no key of the file that is not a vendor's. */
export function findCredentialFaults(found: unknown, path: string, accepted: AcceptedCredentials): Fault[] {
  const accepts = accepted.sets.length === 0 ? '' : `; ${accepted.vendor} accepts ${describeSets(accepted.sets)}`;
  if (typeof found !== 'object' || found === null || Array.isArray(found)) {
    const what = found === undefined ? 'is missing' : `expected an object, found ${nameKind(found)}`;
    return [{ path, message: `${what}${accepts}` }];
  }
  const faults: Fault[] = [];
  const known = [...accepted.sets.flat(), ...accepted.names];
  const meant: string[] = [];
  Object.entries(found).forEach(([name, value], index) => {
    const isKnown = known.includes(name);
    const suggestion = isKnown ? name : nearestWord(name, known);
    if (suggestion !== undefined) meant.push(suggestion);
    if (!isKnown) faults.push({ path, message: explainName(index, suggestion) });
    const message = explainReference(value, accepted.runtime);
    if (message !== undefined)
      faults.push({ path: isKnown ? `${path}.${name}` : `${path}[name ${index + 1}]`, message });
  });
  const mismatch = explainMismatch(meant, accepted.sets);
  return mismatch === undefined ? faults : [{ path, message: `${mismatch}${accepts}` }, ...faults];
}

function describeSets(sets: AcceptedCredentials['sets']): string {
  return joinWords(
    sets.map((set) => set.join(' + ')),
    'or',
  );
}

function explainName(index: number, suggestion: string | undefined): string {
  const advice = suggestion === undefined ? 'remove it' : `did you mean "${suggestion}"?`;
  return `name ${index + 1} in it is unknown (not shown): ${advice}`;
}

/** How the names differ from the accepted set they come nearest to. */
function explainMismatch(names: readonly string[], sets: AcceptedCredentials['sets']): string | undefined {
  const distances = sets.map((set) => {
    const missing = set.filter((name) => !names.includes(name));
    const extra = names.filter((name) => !set.includes(name));
    return { missing, extra };
  });
  const [nearest] = distances.sort((a, b) => a.extra.length - b.extra.length || a.missing.length - b.missing.length);
  if (nearest === undefined || nearest.missing.length + nearest.extra.length === 0) return undefined;
  if (names.length === 0) return 'names none of the accepted credentials';
  const parts = [
    ...(nearest.missing.length > 0 ? [`lacks ${joinWords(nearest.missing, 'and')}`] : []),
    ...(nearest.extra.length > 0 ? [`has ${joinWords(nearest.extra, 'and')} too many`] : []),
  ];
  return `${parts.join(' and ')} (found ${joinWords(names, 'and')})`;
}
