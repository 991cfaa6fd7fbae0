import type { ConnectionState, Volatility } from './connection-state.ts';
import type { SweepReport } from './sweep-report.ts';

/** Sweeps over which a field is watched; beyond, what was counted fades by half. */
const watchedSweeps = 20;
/** A field is volatile when it changed for most users in over half of at least so many complete sweeps. */
const fewestSweeps = 3;

/** Counts the fields that changed for most users in a complete full sweep. */
export function countVolatility(
  { volatility = { sweeps: 0, fields: {} } }: Pick<ConnectionState, 'volatility'>,
  { mode, purpose, deniedBy, restlessFields = [] }: SweepReport,
): Pick<ConnectionState, 'volatility'> {
  if (mode !== 'full' || purpose !== 'live' || deniedBy.length > 0) return {};
  const isNothing = restlessFields.length === 0 && Object.keys(volatility.fields).length === 0;
  if (isNothing && volatility.sweeps >= fewestSweeps) return {};
  const known = volatility.sweeps >= watchedSweeps ? fade(volatility) : volatility;
  const counts = new Map(Object.entries(known.fields));
  for (const field of restlessFields) counts.set(field, (counts.get(field) ?? 0) + 1);
  return { volatility: { sweeps: known.sweeps + 1, fields: Object.fromEntries(counts) } };
}

/** The fields that change for most users in most sweeps: what an operator should ignore. */
export function volatileFields({ volatility }: Pick<ConnectionState, 'volatility'>): readonly string[] {
  if (volatility === undefined || volatility.sweeps < fewestSweeps) return [];
  const isVolatile = (count: number) => count > volatility.sweeps / 2;
  return Object.entries(volatility.fields)
    .filter(([, count]) => isVolatile(count))
    .map(([field]) => field)
    .sort();
}

function fade({ sweeps, fields }: Volatility): Volatility {
  const halved = Object.entries(fields)
    .map(([field, count]) => [field, Math.floor(count / 2)] as const)
    .filter(([, count]) => count > 0);
  return { sweeps: Math.floor(sweeps / 2), fields: Object.fromEntries(halved) };
}
