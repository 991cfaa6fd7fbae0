export type Point = { readonly x: number; readonly y: number };

/** The straight line with the least squares: what there is without any, and what each one adds. */
export function fitLine(points: readonly Point[]): { readonly base: number; readonly perOne: number } {
  const meanX = mean(points.map(({ x }) => x));
  const meanY = mean(points.map(({ y }) => y));
  const together = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  const alone = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const perOne = together / alone;
  return { base: meanY - perOne * meanX, perOne };
}

/** The power with which y grows: 0 stays, 1 grows as x does, 2 as its square. Points without any y say nothing of it. */
export function fitPower(points: readonly Point[]): number {
  const positive = points.filter(({ x, y }) => x > 0 && y > 0);
  return fitLine(positive.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }))).perOne;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
