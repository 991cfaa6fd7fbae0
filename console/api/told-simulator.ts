/** A trap of a simulated vendor: something that real vendors do. */
export type ToldTrap = { readonly name: string; readonly isOn: boolean; readonly fired: number };

export type ToldPerson = {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly status: string;
};

/** A simulated vendor, its users and its traps. */
export type ToldSimulator = {
  readonly vendor: string;
  readonly connectionId: string;
  readonly requests: number;
  readonly step: number;
  readonly people: readonly ToldPerson[];
  readonly traps: readonly ToldTrap[];
};

export type ToldSimulators = { readonly simulators: readonly ToldSimulator[] };
