import type { Bench, Figure } from './bench.ts';
import { medianOf } from './import-times.ts';
import { type ChangeToEvent, measureChanges } from './latency/change-to-event.ts';
import { type Recovery, startKilledFeed } from './latency/killed-feed.ts';

/** How soon a change is an event once its page is there, and how soon what a killed process was at is done. */
export const latency: Bench = {
  id: 'latency',
  async measure({ isQuick }) {
    const changes = await measureChanges(isQuick ? 5 : 100);
    const recoveries = await measureRecoveries(isQuick ? { users: 100, rounds: 1 } : { users: 2_000, rounds: 3 });
    return { figures: [...changeFigures(changes), ...recoveryFigures(recoveries)], details: [] };
  },
};

function changeFigures(measured: readonly ChangeToEvent[]): readonly Figure[] {
  const median = (of: (one: ChangeToEvent) => number) => medianOf(measured.map(of));
  const calls = median(({ tableCalls, busCalls }) => tableCalls + busCalls);
  const what = 'from the page that shows a change to its event on the bus';
  return [
    {
      id: 'event.ms',
      name: `${what}, embedded, median of ${measured.length}, against as many bare calls over loopback`,
      value: toTenths(median(({ elapsedMs }) => elapsedMs)),
      unit: 'ms',
      reference: toTenths(median(({ bareMs }) => bareMs)),
    },
    { id: 'event.calls', name: `${what}, calls of table and bus`, value: calls, unit: 'calls' },
    { id: 'event.ticks', name: `${what}, ticks`, value: median(({ ticks }) => ticks), unit: 'ticks' },
  ];
}

type Recoveries = {
  readonly undisturbed: readonly Recovery[];
  readonly reading: readonly Recovery[];
  readonly publishing: readonly Recovery[];
  readonly users: number;
};

async function measureRecoveries({ users, rounds }: { readonly users: number; readonly rounds: number }) {
  const measured = { undisturbed: [] as Recovery[], reading: [] as Recovery[], publishing: [] as Recovery[] };
  const killed = await startKilledFeed({ users });
  try {
    for (let round = 0; round < rounds; round += 1) {
      measured.undisturbed.push(await killed.runUndisturbed());
      measured.reading.push(await killed.killWhileReading());
      measured.publishing.push(await killed.killWhilePublishing());
    }
    return { ...measured, users };
  } finally {
    await killed.close();
  }
}

function recoveryFigures({ undisturbed, reading, publishing, users }: Recoveries): readonly Figure[] {
  const ms = (all: readonly Recovery[]) => Math.round(medianOf(all.map(({ elapsedMs }) => elapsedMs)));
  const what = `the last of ${(users / 2).toLocaleString('en')} events among ${users.toLocaleString('en')} users`;
  const reference = ms(undisturbed);
  return [
    {
      id: 'kill.reading',
      name: `from a kill while pages are read to ${what}, against a run that nobody kills`,
      value: ms(reading),
      unit: 'ms',
      reference,
    },
    {
      id: 'kill.reading.ticks',
      name: 'sweeps begun after a kill while pages are read',
      value: Math.max(...reading.map(({ walks }) => walks)),
      unit: 'ticks',
    },
    {
      id: 'kill.publishing',
      name: `from a kill while events are published to ${what}, against a run that nobody kills`,
      value: ms(publishing),
      unit: 'ms',
      reference,
    },
    {
      id: 'kill.publishing.repeated',
      name: 'events published twice after a kill while events are published, at most',
      value: Math.max(...publishing.map(({ repeated }) => repeated)),
      unit: 'events',
    },
  ];
}

function toTenths(value: number): number {
  return Math.round(value * 10) / 10;
}
