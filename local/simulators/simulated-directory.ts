import type { PersonChange, SimulatedPerson } from './simulated-person.ts';

/** One thing the script did. `touched` is volatile only and must cause no event; `regrouped` shows only where the
 *  vendor's list shows groups; the others show in every list. No step does two things to one person. */
export type ScriptedChange = {
  readonly kind: 'created' | 'updated' | 'status_changed' | 'removed' | 'touched' | 'regrouped';
  readonly id: string;
  readonly fields: readonly string[];
};

/** A set of people that lives at one simulated vendor. Every operation throws for an id that is not there. */
export type SimulatedDirectory = {
  readonly vendor: string;
  readonly seed: string;
  /** How often `advance` was called. */
  readonly step: number;
  /** By number, ascending. */
  people(): readonly SimulatedPerson[];
  /** Removed since the last step: what a vendor may still show as a tombstone. By number, ascending. */
  departed(): readonly SimulatedPerson[];
  find(id: string): SimulatedPerson | undefined;
  add(wishes?: PersonChange & { status?: string }): SimulatedPerson;
  change(id: string, change: PersonChange): SimulatedPerson;
  setStatus(id: string, status: string): SimulatedPerson;
  /** A write of the row that changes nothing a client cares for, such as a login. */
  touch(id: string): SimulatedPerson;
  /** Orders a deletion: blocked without a new `updatedAt`, and gone with the next step. */
  startLeaving(id: string): SimulatedPerson;
  remove(id: string): SimulatedPerson;
  /** Plays the next step of the script. The same seed, size and step always give the same result. */
  advance(): readonly ScriptedChange[];
  toJson(): DirectoryJson;
};

export type DirectoryJson = {
  readonly version: 1;
  readonly vendor: string;
  readonly seed: string;
  readonly step: number;
  readonly operationCount: number;
  readonly nextNumber: number;
  readonly people: readonly SimulatedPerson[];
  readonly departed: readonly SimulatedPerson[];
};
