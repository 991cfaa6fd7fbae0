/** A chart of bars, a group of them for each row. */
export type BarChart = {
  readonly title: string;
  readonly unit: string;
  /** `log`: as long as its number has digits. */
  readonly scale: 'linear' | 'log';
  /** What the bars of a row are, in their order: at most two. */
  readonly series: readonly string[];
  readonly rows: readonly BarRow[];
  /** A line across all rows. */
  readonly limit?: { readonly value: number; readonly name: string };
};

/** Undefined where there is nothing to show. */
export type BarRow = { readonly name: string; readonly values: readonly (number | undefined)[] };

const width = 760;
const nameWidth = 190;
const valueWidth = 90;
const barHeight = 13;
const rowGap = 14;
const headHeight = 64;
const plotWidth = width - nameWidth - valueWidth;

/** Colours follow the theme of whoever looks: the styles are in the picture, which no page can style. */
const style = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 15px; font-weight: 600 }
  .quiet { fill: #59636e }
  .bar0 { fill: #0969da }
  .bar1 { fill: #8c959f }
  .axis { stroke: #d1d9e0 }
  .limit { stroke: #cf222e; stroke-dasharray: 4 3 }
  .limit-name { fill: #cf222e }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .quiet { fill: #9198a1 }
    .bar0 { fill: #58a6ff }
    .bar1 { fill: #6e7681 }
    .axis { stroke: #3d444d }
    .limit { stroke: #ff7b72 }
    .limit-name { fill: #ff7b72 }
  }`;

/** The chart as an SVG file, the same for the same numbers. */
export function drawBars(chart: BarChart): string {
  const { title, series, rows, limit } = chart;
  const toX = scaleOf(chart);
  const rowHeight = series.length * barHeight + rowGap;
  const plotHeight = rows.length * rowHeight;
  const height = headHeight + plotHeight + (limit === undefined ? 10 : 26);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${inXml(title)}</title>`,
    `<style>${style}\n</style>`,
    `<text class="title" x="0" y="18">${inXml(title)}</text>`,
    legend(chart),
    line('axis', nameWidth, plotHeight),
    ...rows.flatMap((row, n) => drawRow(row, { chart, toX, y: headHeight + n * rowHeight })),
    ...(limit === undefined ? [] : drawLimit(limit, toX(limit.value), plotHeight)),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

type ToX = (value: number) => number;

function scaleOf({ scale, rows, limit }: BarChart): ToX {
  const values = [...rows.flatMap((row) => row.values), limit?.value].filter((value) => value !== undefined);
  const most = Math.max(...values);
  if (scale === 'linear') return (value) => nameWidth + (value / most) * plotWidth;
  // One digit before the least, so that even that one has a bar.
  const least = Math.min(...values.filter((value) => value > 0)) / 10;
  const span = Math.log(most / least);
  return (value) => nameWidth + (value <= least ? 0 : (Math.log(value / least) / span) * plotWidth);
}

function legend({ series, unit, scale }: BarChart): string {
  let x = 0;
  const entries = series.map((name, n) => {
    const entry = `<rect class="bar${n}" x="${x}" y="33" width="11" height="11"/><text x="${x + 17}" y="43">${inXml(name)}</text>`;
    x += 40 + name.length * 6.6;
    return entry;
  });
  const measure = scale === 'log' ? `${unit}, logarithmic` : unit;
  return `${entries.join('')}<text class="quiet" x="${width}" y="43" text-anchor="end">${inXml(measure)}</text>`;
}

type Place = { readonly chart: BarChart; readonly toX: ToX; readonly y: number };

function drawRow({ name, values }: BarRow, { chart, toX, y }: Place): readonly string[] {
  const middle = y + (chart.series.length * barHeight) / 2 + 4;
  const bars = values.flatMap((value, n) => {
    if (value === undefined) return [];
    const top = y + n * barHeight;
    const end = round(toX(value));
    return [
      `<rect class="bar${n}" x="${nameWidth}" y="${top}" width="${round(end - nameWidth)}" height="${barHeight - 2}"/>`,
      `<text class="quiet" x="${end + 5}" y="${top + 10}">${showValue(value)}</text>`,
    ];
  });
  return [`<text x="${nameWidth - 8}" y="${middle}" text-anchor="end">${inXml(name)}</text>`, ...bars];
}

function drawLimit({ name }: NonNullable<BarChart['limit']>, at: number, plotHeight: number): readonly string[] {
  const x = round(at);
  const y = headHeight + plotHeight + 12;
  return [
    line('limit', x, plotHeight),
    `<text class="limit-name" x="${x}" y="${y}" text-anchor="end">${inXml(name)}</text>`,
  ];
}

function line(kind: string, x: number, plotHeight: number): string {
  const top = headHeight - 6;
  return `<line class="${kind}" x1="${x}" y1="${top}" x2="${x}" y2="${top + plotHeight}"/>`;
}

/** Three digits that count. */
function showValue(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 6 });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function inXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
