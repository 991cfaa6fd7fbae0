import { parseDirectoryJson } from './directory-json.ts';
import { playStep } from './directory-script.ts';
import { inventPerson, scriptedMs } from './invent-person.ts';
import type { DirectoryJson, SimulatedDirectory } from './simulated-directory.ts';
import type { Dialect, SimulatedPerson } from './simulated-person.ts';
import { findSimulatedVendor, type SimulatedVendorName } from './simulated-vendors.ts';

/** `nowMs` stamps later changes; without it they get scripted instants, so that even those are repeatable. */
export type DirectoryClock = { readonly nowMs?: (() => number) | undefined };

type DirectoryState = {
  readonly vendor: string;
  readonly seed: string;
  readonly people: Map<string, SimulatedPerson>;
  readonly departed: Map<string, SimulatedPerson>;
  step: number;
  operationCount: number;
  nextNumber: number;
};

export function createSimulatedDirectory(
  options: { vendor: SimulatedVendorName; seed: string | number; size: number } & DirectoryClock,
): SimulatedDirectory {
  const { dialect } = findSimulatedVendor(options.vendor);
  const seed = String(options.seed);
  const people = Array.from({ length: options.size }, (_, index) =>
    inventPerson(dialect, seed, dialect.firstNumber + index, null),
  );
  const nextNumber = dialect.firstNumber + options.size;
  const state = { vendor: options.vendor, seed, step: 0, operationCount: 0, nextNumber };
  return openDirectory({ ...state, people: byId(people), departed: new Map() }, dialect, options.nowMs);
}

/** The directory that `toJson` described, ready to go on with its next step. */
export function restoreSimulatedDirectory(json: unknown, clock: DirectoryClock = {}): SimulatedDirectory {
  const { version: _, people, departed, ...state } = parseDirectoryJson(json);
  const { dialect } = findSimulatedVendor(state.vendor);
  return openDirectory({ ...state, people: byId(people), departed: byId(departed) }, dialect, clock.nowMs);
}

function openDirectory(state: DirectoryState, dialect: Dialect, nowMs?: DirectoryClock['nowMs']): SimulatedDirectory {
  const { people, departed } = state;
  const stamp = (): string => {
    state.operationCount += 1;
    return new Date(nowMs?.() ?? scriptedMs(state.operationCount)).toISOString();
  };
  const need = (id: string): SimulatedPerson => {
    const person = people.get(id);
    if (!person) throw new Error(`no simulated person has the id ${id}`);
    return person;
  };
  const put = (person: SimulatedPerson): SimulatedPerson => {
    people.set(person.id, person);
    return person;
  };
  const directory: SimulatedDirectory = {
    vendor: state.vendor,
    seed: state.seed,
    get step() {
      return state.step;
    },
    people: () => [...people.values()],
    departed: () => [...departed.values()].toSorted((a, b) => a.number - b.number),
    find: (id) => people.get(id),
    add: (wishes = {}) => {
      const joiner = inventPerson(dialect, state.seed, state.nextNumber, stamp());
      state.nextNumber += 1;
      return put({ ...joiner, ...wishes });
    },
    change: (id, change) => put({ ...need(id), ...change, updatedAt: stamp() }),
    setStatus: (id, status) => put({ ...need(id), status, updatedAt: stamp() }),
    touch: (id) => put({ ...need(id), updatedAt: stamp() }),
    startLeaving: (id) => put({ ...need(id), status: dialect.statuses.blocked, isLeaving: true }),
    remove: (id) => {
      const leaver = { ...need(id), updatedAt: stamp() };
      people.delete(id);
      departed.set(id, leaver);
      return leaver;
    },
    advance: () => {
      state.step += 1;
      departed.clear();
      return playStep(directory, dialect, state.step);
    },
    toJson: () => writeJson(state),
  };
  return directory;
}

function writeJson({
  vendor,
  seed,
  step,
  operationCount,
  nextNumber,
  people,
  departed,
}: DirectoryState): DirectoryJson {
  const lists = { people: [...people.values()], departed: [...departed.values()] };
  return { version: 1, vendor, seed, step, operationCount, nextNumber, ...lists };
}

function byId(people: readonly SimulatedPerson[]): Map<string, SimulatedPerson> {
  return new Map(people.map((person) => [person.id, person]));
}
