const secondsPerUnit = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;

/** A whole number and one unit: `30s 15m 12h 7d`. */
export const durationPattern = /^(0|[1-9][0-9]{0,7})([smhd])$/;

/** The seconds of a duration; undefined for anything that is not one. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = durationPattern.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * secondsPerUnit[unit as keyof typeof secondsPerUnit];
}

/** The shortest exact spelling of whole seconds: 900 is `15m`, 90 is `90s`. */
export function formatDuration(seconds: number): string {
  for (const [unit, size] of Object.entries(secondsPerUnit)) {
    if (seconds > 0 && seconds % size === 0) return `${seconds / size}${unit}`;
  }
  return `${seconds}s`;
}
