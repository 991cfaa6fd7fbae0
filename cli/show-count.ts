/** A number for people: `5,230`. */
export function showCount(count: number): string {
  return count.toLocaleString('en-US');
}
