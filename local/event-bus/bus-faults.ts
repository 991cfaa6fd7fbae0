import type { SentEntry } from './sent-entry.ts';

/** A way in which the service fails, planted by a test or a demonstration. */
export type BusFault = EntryFault | CallFault;

type Bounded = {
  /** How often it fires before it lets everything pass again; without end where left out. */
  readonly times?: number;
};

/** Some entries of a call fail, in a 200 whose `FailedEntryCount` says so. */
export type EntryFault = Bounded & {
  readonly kind: 'entry_failed';
  readonly errorCode: 'InternalFailure' | 'ThrottlingException';
  /** Which entries; all where left out. `nth` counts from 1 the valid entries seen since the fault was planted. */
  readonly choose?: (entry: SentEntry, nth: number) => boolean;
};

/**
 * A whole `PutEvents` call fails: refused with 400 or 500, answered late, or carried out with an answer that never
 * arrives (the connection is cut), which the client cannot tell from a failure.
 */
export type CallFault =
  | (Bounded & { readonly kind: 'call_throttled' | 'call_failed' | 'answer_lost' })
  | (Bounded & { readonly kind: 'slow'; readonly delayMs: number });

/** One planted fault. */
export type FaultSwitch = {
  readonly fault: BusFault;
  readonly firedCount: number;
  switchOff(): void;
};

/** The faults of one bus. */
export type BusFaults = {
  plant(fault: BusFault): FaultSwitch;
  /** The faults that never fired: a test that planted one of them tested nothing. */
  unfired(): readonly BusFault[];
};

/** The faults, as the bus itself asks them. Asking is firing: the answer must be acted upon. */
export type ArmedFaults = BusFaults & {
  fireForCall(kind: CallFault['kind']): CallFault | undefined;
  /** The error code with which a valid entry fails now; undefined lets it pass. */
  fireForEntry(entry: SentEntry): EntryFault['errorCode'] | undefined;
};

type Planted<Fault extends BusFault> = {
  readonly fault: Fault;
  firedCount: number;
  entriesSeen: number;
  isOff: boolean;
};

export function createBusFaults(initial: readonly BusFault[] = []): ArmedFaults {
  const entryFaults: Planted<EntryFault>[] = [];
  const callFaults: Planted<CallFault>[] = [];

  function plant(fault: BusFault): FaultSwitch {
    const counters = { firedCount: 0, entriesSeen: 0, isOff: false };
    return fault.kind === 'entry_failed'
      ? toSwitch(addTo(entryFaults, { fault, ...counters }))
      : toSwitch(addTo(callFaults, { fault, ...counters }));
  }

  for (const fault of initial) plant(fault);
  return {
    plant,
    unfired: () => [...entryFaults, ...callFaults].filter((each) => each.firedCount === 0).map(({ fault }) => fault),
    fireForCall: (kind) => fire(callFaults.find((each) => each.fault.kind === kind && isArmed(each))),
    fireForEntry: (sent) => {
      for (const each of entryFaults) each.entriesSeen += 1;
      return fire(entryFaults.find((each) => isArmed(each) && isChosen(each, sent)))?.errorCode;
    },
  };
}

function addTo<Member>(list: Member[], member: Member): Member {
  list.push(member);
  return member;
}

function toSwitch(planted: Planted<BusFault>): FaultSwitch {
  return {
    fault: planted.fault,
    get firedCount() {
      return planted.firedCount;
    },
    switchOff: () => {
      planted.isOff = true;
    },
  };
}

function isArmed({ fault, firedCount, isOff }: Planted<BusFault>): boolean {
  return !isOff && firedCount < (fault.times ?? Number.POSITIVE_INFINITY);
}

function isChosen({ fault, entriesSeen }: Planted<EntryFault>, sent: SentEntry): boolean {
  return fault.choose?.(sent, entriesSeen) ?? true;
}

function fire<Fault extends BusFault>(planted: Planted<Fault> | undefined): Fault | undefined {
  if (planted !== undefined) planted.firedCount += 1;
  return planted?.fault;
}
