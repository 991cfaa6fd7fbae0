/** So many runs of a property where every call counts (`npm run test:long`), and a quarter of them in `npm test`. */
export function runCount(all: number): number {
  return process.env.EVERY_CALL === '1' ? all : Math.ceil(all * 0.25);
}
