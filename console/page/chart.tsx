import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { shownTheme } from './theme.ts';

type ChartProps = {
  /** Read aloud in place of the drawing; the numbers stand in a table beside it. */
  readonly label: string;
  readonly name: string;
  /** Epoch seconds, oldest first, and a value each. */
  readonly points: readonly (readonly [at: number, value: number])[];
  readonly kind: 'line' | 'bars';
};

const height = 150;

/** One value over time. */
export function Chart({ label, name, points, kind }: ChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const theme = shownTheme.value;
  useEffect(() => {
    const element = frame.current;
    if (element === null || points.length === 0) return;
    const plot = new uPlot(
      optionsOf(element, { name, kind }),
      [points.map(([at]) => at), points.map(([, value]) => value)],
      element,
    );
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [points, theme, kind, name]);
  return <div class="chart" ref={frame} role="img" aria-label={label} />;
}

function optionsOf(element: HTMLElement, { name, kind }: Pick<ChartProps, 'name' | 'kind'>): uPlot.Options {
  const colour = (variable: string) => getComputedStyle(element).getPropertyValue(variable).trim();
  const axis = { stroke: colour('--muted'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  const paths = uPlot.paths.bars?.({ size: [0.6, 24] });
  const bars = kind === 'bars' && paths !== undefined ? { paths, points: { show: false } } : {};
  return {
    width: element.clientWidth,
    height,
    tzDate: (at) => uPlot.tzDate(new Date(at * 1_000), 'Etc/UTC'),
    legend: { show: false },
    cursor: { show: false },
    scales: {
      // The first and the last bar are as wide as the others.
      x: { range: (_, low, high) => [low - (high - low || 60) * 0.04, high + (high - low || 60) * 0.04] },
      y: { range: (_, low, high) => (kind === 'bars' ? [0, Math.max(1, high)] : around(low, high)) },
    },
    axes: [
      { ...axis, size: 28, space: 60, values: (_, times) => nameTimes(times) },
      { ...axis, size: 46, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000] },
    ],
    series: [{}, { label: name, stroke: colour('--accent'), fill: colour('--accent-soft'), width: 1.5, ...bars }],
  };
}

const dayOf = (at: number) => new Date(at * 1_000).toISOString().slice(0, 10);

/** Times of one day as hours, of several as days; once each. */
function nameTimes(times: readonly number[]): string[] {
  const days = times.map(dayOf);
  if (new Set(days).size === 1) return times.map((at) => new Date(at * 1_000).toISOString().slice(11, 16));
  return days.map((day, at) => (day === days[at - 1] ? '' : day));
}

/** A flat line is in the middle, not on the edge. */
function around(low: number, high: number): [number, number] {
  const gap = Math.max(2, (high - low) * 0.2);
  return [Math.max(0, Math.floor(low - gap)), Math.ceil(high + gap)];
}
