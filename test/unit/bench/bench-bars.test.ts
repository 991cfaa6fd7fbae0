import { describe, expect, it } from 'vitest';
import { type BarChart, drawBars } from '../../../tools/bench-bars.ts';

function chartOf(wish: Partial<BarChart> = {}): BarChart {
  return {
    title: 'Bytes & more',
    unit: 'bytes',
    scale: 'linear',
    series: ['ours', 'theirs'],
    rows: [
      { name: 'small', values: [10, 40] },
      { name: 'large', values: [80, undefined] },
    ],
    ...wish,
  };
}

const barsOf = (svg: string) => [...svg.matchAll(/<rect class="(bar\d)" x="190" [^>]*width="([\d.]+)"/g)];
const widthsOf = (svg: string) => barsOf(svg).map(([, , width]) => Number(width));

describe(drawBars, () => {
  it('draws bars as long as their values, and none where there is no value', () => {
    const svg = drawBars(chartOf());

    expect(barsOf(svg).map(([, kind]) => kind)).toStrictEqual(['bar0', 'bar1', 'bar0']);
    expect(widthsOf(svg)).toStrictEqual([60, 240, 480]);
  });

  it('draws equal steps for equal factors where it is logarithmic', () => {
    const rows = [1, 10, 100].map((value) => ({ name: 'a', values: [value] }));
    const [one = 0, ten = 0, hundred = 0] = widthsOf(drawBars(chartOf({ scale: 'log', rows, series: ['ours'] })));

    expect(one).toBeGreaterThan(0);
    expect(hundred - ten).toBeCloseTo(ten - one, 0);
  });

  it('draws a bar of no length for nothing, on either scale', () => {
    for (const scale of ['linear', 'log'] as const)
      expect(widthsOf(drawBars(chartOf({ scale, rows: [{ name: 'a', values: [0, 5] }] })))[0]).toBe(0);
  });

  it('leaves room for a limit beyond all bars', () => {
    const svg = drawBars(chartOf({ limit: { value: 160, name: 'limit' } }));

    expect(widthsOf(svg)).toStrictEqual([30, 120, 240]);
    expect(svg).toContain('<line class="limit" x1="670"');
  });

  it('has colours for a light and a dark page, and says what it is', () => {
    const svg = drawBars(chartOf());

    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg).toContain('<title>Bytes &amp; more</title>');
  });
});
