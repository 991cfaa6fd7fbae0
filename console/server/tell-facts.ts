import type { Fact } from '../../cli/render-facts.ts';
import type { ToldFact } from '../api/told-fact.ts';

/** Facts as the command line prints them, without those that have no value. */
export function tellFacts(facts: readonly Fact[]): readonly ToldFact[] {
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}
