import type { ToldFact } from '../api/told-fact.ts';

/** Named values. */
export function Facts({ facts }: { readonly facts: readonly ToldFact[] }) {
  return (
    <dl class="facts">
      {facts.map(({ name, value }, at) => (
        <div key={`${name} ${at}`}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
