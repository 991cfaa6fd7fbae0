import { createRandom, type Random } from './random.ts';
import type { Dialect, SimulatedPerson } from './simulated-person.ts';

// Some names leave ASCII on purpose: bytes and characters differ, as they do in real lists.
const givenNames = (
  'Ada Amara Anton Beatriz Björn Chiara Dmitri Elif Farid Grace Hana Ingrid Jorge Katya Lars Mei Nadia Omar ' +
  'Priya Quentin Rosa Søren Tomás Uma Viktor Wanjiru Ximena Yusuf Zoë'
).split(' ');
export const familyNames = (
  'Abara Baumann Castillo Dvořák Eriksen Fontaine García Haddad Ito Jansen Kowalski Lindqvist Moreau ' +
  'Nakamura Okafor Petrov Quinn Rossi Schäfer Tanaka Uddin Vargas Weiß Yılmaz Zhang'
).split(' ');
export const titles = ['Accountant', 'Analyst', 'Clerk', 'Designer', 'Engineer', 'Nurse', 'Planner', 'Team Lead'];
export const languages = ['de', 'en', 'es', 'fr'];
export const groupNames = ['Auditors', 'Developers', 'Finance', 'People', 'Sales', 'Service Desk'];

const startOfTimeMs = Date.UTC(2025, 0, 1);
const minuteMs = 60_000;
const minutesOfThePast = 500_000;

/** Person `number` of a directory, the same whenever asked. `joinedAt` is null for those who were there at the start. */
export function inventPerson(dialect: Dialect, seed: string, number: number, joinedAt: string | null): SimulatedPerson {
  const random = createRandom(`${seed}/person/${number}`);
  const givenName = random.pick(givenNames);
  const familyName = random.pick(familyNames);
  const userName = `${toAscii(givenName)}.${toAscii(familyName)}${number}`;
  const isEmailHidden = dialect.hiddenEmailEvery !== null && number % dialect.hiddenEmailEvery === 0;
  const createdAt = joinedAt ?? inventInstant(random);
  return {
    id: dialect.idOf(seed, number),
    number,
    givenName,
    familyName,
    userName,
    email: isEmailHidden ? '' : `${userName}@example.${random.pick(['com', 'org'])}`,
    title: random.pick(titles),
    language: random.pick(languages),
    admin: random.below(20) === 0,
    groups: inventGroups(random),
    status: random.pick(joinedAt === null ? dialect.statuses.atStart : dialect.statuses.ofJoiners),
    createdAt,
    updatedAt: createdAt,
    isLeaving: false,
  };
}

/** The instant of a directory's n-th operation when no clock is given: after every invented instant of the past. */
export function scriptedMs(operationCount: number): number {
  return startOfTimeMs + (minutesOfThePast + operationCount) * minuteMs;
}

function inventInstant(random: Random): string {
  return new Date(startOfTimeMs + random.below(minutesOfThePast) * minuteMs).toISOString();
}

function inventGroups(random: Random): number[] {
  const shuffled = random.shuffle(groupNames.map((_, index) => index));
  return shuffled.slice(0, random.below(3)).toSorted((a, b) => a - b);
}

function toAscii(name: string): string {
  return name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z]/g, '');
}
