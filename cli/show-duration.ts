const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
] as const;

/** Seconds as connection files spell them: `15m`. */
export function showDuration(seconds: number): string {
  const [unit, size] = units.find(([, unitSeconds]) => seconds >= unitSeconds && seconds % unitSeconds === 0) ?? [
    's',
    1,
  ];
  return `${seconds / size}${unit}`;
}
