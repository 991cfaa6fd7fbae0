import type { Target } from './bench.ts';
import type { BenchResult } from './bench-result.ts';

/** A result as a row of the table that is printed. */
export function resultRow({ id, name, value, unit, reference, ratio, target, met }: BenchResult) {
  return {
    id,
    name,
    value: showNumber(value),
    unit,
    reference: showNumber(reference),
    ratio: ratio === null ? '' : String(ratio),
    target: target === null ? '' : showTarget(target),
    met: met === null ? '' : met ? 'yes' : 'NO',
  };
}

function showNumber(value: number | null): string {
  return value === null ? '' : value.toLocaleString('en', { maximumFractionDigits: 3 });
}

function showTarget({ of, atMost }: Target): string {
  return `${of} <= ${showNumber(atMost)}`;
}
