import { nameFault } from './name-fault.ts';
import { type TrapName, type TrapSettings, type TrapWishes, trapSettings } from './trap-settings.ts';

/** The request a trap could fire on. `page` counts from 1 and is null where there are no pages. */
export type Spot = { readonly on: 'list' | 'user' | 'token' | 'connection'; readonly page: number | null };

export type Traps = {
  /** What this vendor can be told to do. */
  readonly known: readonly TrapName[];
  /** How often each trap has fired; 0 for the others. */
  readonly fired: Readonly<Record<TrapName, number>>;
  /** Throws for a trap that this vendor does not have and for settings it does not know. */
  arm<Name extends TrapName>(name: Name, wish?: TrapWishes[Name]): void;
  disarm(name: TrapName): void;
  /** Disarms everything and forgets what has fired. */
  clear(): void;
  /** What is armed, with the firings that remain. */
  armed(): Partial<TrapSettings>;
  /** The settings of a trap if it is armed for this spot, and counts the firing: ask only when it will have an effect. */
  fire<Name extends TrapName>(name: Name, spot: Spot): TrapSettings[Name] | null;
};

export function createTraps(known: readonly TrapName[]): Traps {
  const armed = new Map<TrapName, TrapSettings[TrapName]>();
  const fired = countNothing();
  return {
    known,
    fired,
    arm: (name, wish) => {
      armed.set(name, parseTrapWish(known, name, wish));
    },
    disarm: (name) => {
      armed.delete(name);
    },
    clear: () => {
      armed.clear();
      Object.assign(fired, countNothing());
    },
    armed: () => Object.fromEntries(armed),
    fire: <Name extends TrapName>(name: Name, spot: Spot) => {
      const settings = armed.get(name);
      if (!settings || !fits(settings, spot)) return null;
      fired[name] += 1;
      const remaining = settings.times === undefined ? undefined : settings.times - 1;
      if (remaining === 0) armed.delete(name);
      else if (remaining !== undefined) armed.set(name, { ...settings, times: remaining });
      return settings as TrapSettings[Name];
    },
  };
}

/** @throws an error that names the trap and the first fault of its settings. */
export function parseTrapWish(known: readonly TrapName[], name: string, wish: unknown = {}): TrapSettings[TrapName] {
  const schema = known.includes(name as TrapName) ? trapSettings[name as TrapName] : undefined;
  if (!schema) throw new Error(`no trap is called ${name} here, but: ${known.join(' ')}`);
  const parsed = schema.safeParse(wish);
  if (parsed.success) return parsed.data;
  throw new Error(`trap ${name} cannot be set like that: ${nameFault(parsed.error)}`);
}

function fits(settings: TrapSettings[TrapName], spot: Spot): boolean {
  const isTarget = settings.on === 'any' || settings.on === spot.on;
  return isTarget && (settings.page === undefined || settings.page === spot.page);
}

function countNothing(): Record<TrapName, number> {
  return Object.fromEntries(Object.keys(trapSettings).map((name) => [name, 0])) as Record<TrapName, number>;
}
