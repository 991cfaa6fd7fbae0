import type { Figure, Target } from './bench.ts';

/** A figure as `results.json` keeps it. Null: it has none. */
export type BenchResult = {
  /** `<bench>.<figure>`. */
  readonly id: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly reference: number | null;
  readonly ratio: number | null;
  readonly target: Target | null;
  readonly met: boolean | null;
};

/** A figure beside its reference, judged. A target that cannot be judged, such as a ratio to nothing, is missed. */
export function toBenchResult(benchId: string, { id, name, value, unit, reference, target }: Figure): BenchResult {
  const ratio = reference === undefined || reference === 0 ? null : value / reference;
  return {
    id: `${benchId}.${id}`,
    name,
    value,
    unit,
    reference: reference ?? null,
    ratio: ratio === null ? null : Math.round(ratio * 1000) / 1000,
    target: target ?? null,
    met: target === undefined ? null : isWithin(target, target.of === 'ratio' ? ratio : value),
  };
}

function isWithin({ atMost }: Target, measured: number | null): boolean {
  return measured !== null && measured <= atMost;
}
