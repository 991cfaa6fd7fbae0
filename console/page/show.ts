const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const;

/** How long ago something was, by the server's clock: `4 min ago`. */
export function showAge(at: string, now: string): string {
  const seconds = Math.round((Date.parse(now) - Date.parse(at)) / 1_000);
  const size = Math.abs(seconds);
  const [unit, length] = units.find(([, unitSeconds]) => size >= unitSeconds) ?? ['s', 1];
  const span = `${Math.floor(size / length)} ${unit}`;
  if (size < 2) return 'now';
  return seconds < 0 ? `in ${span}` : `${span} ago`;
}

/** `2026-11-23 08:15:30`, in UTC as everything here. */
export function showTime(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)}`;
}

export function showCount(count: number): string {
  return count.toLocaleString('en-US');
}
