import { familyNames, groupNames, languages, titles } from './invent-person.ts';
import { createRandom, type Random } from './random.ts';
import type { ScriptedChange, SimulatedDirectory } from './simulated-directory.ts';
import type { Dialect, PersonChange, ScriptedField, SimulatedPerson } from './simulated-person.ts';

type Stage = {
  readonly directory: SimulatedDirectory;
  readonly dialect: Dialect;
  readonly random: Random;
  readonly step: number;
  /** People to whom nothing has happened in this step, in random order. */
  readonly pool: SimulatedPerson[];
};

/** One step of an ordinary day. The first step of three people or more has at least one joiner, one visible update,
 *  one change of status and one leaver. */
export function playStep(directory: SimulatedDirectory, dialect: Dialect, step: number): ScriptedChange[] {
  const random = createRandom(`${directory.seed}/step/${step}`);
  const stage = { directory, dialect, random, step, pool: random.shuffle(directory.people()) };
  return [
    ...finishLeaving(stage),
    ...letLeave(stage),
    ...turnStatuses(stage),
    ...updateSome(stage),
    ...regroupOne(stage),
    ...touchSome(stage),
    ...letJoin(stage),
  ];
}

function finishLeaving({ directory, pool }: Stage): ScriptedChange[] {
  const leavers = pool.filter((person) => person.isLeaving);
  for (const leaver of leavers) pool.splice(pool.indexOf(leaver), 1);
  return leavers.map(({ id }) => report('removed', directory.remove(id)));
}

function letLeave(stage: Stage): ScriptedChange[] {
  const { directory, dialect, random, step } = stage;
  const isQuiet = step > 1 && random.below(3) === 0;
  if (isQuiet || stage.pool.length < 2) return [];
  const isSlow = dialect.leavesLocked && step % 3 === 2;
  return take(stage, 1, ({ status }) => !isSlow || status !== dialect.statuses.blocked).map(({ id }) =>
    isSlow ? report('status_changed', directory.startLeaving(id), ['status']) : report('removed', directory.remove(id)),
  );
}

function turnStatuses(stage: Stage): ScriptedChange[] {
  const { dialect, random, step } = stage;
  const { active, blocked, dormant } = dialect.statuses;
  const turn = (person: SimulatedPerson, status: string) =>
    report('status_changed', stage.directory.setStatus(person.id, status), ['status']);
  const locked = take(stage, 1, ({ status }) => status === active).map((person) => turn(person, blocked));
  const isOneTurnedActive = locked.length === 0 || (step > 1 && random.below(2) === 0);
  const activated = take(stage, isOneTurnedActive ? 1 : 0, ({ status }) => dormant.includes(status));
  return [...locked, ...activated.map((person) => turn(person, active))];
}

function updateSome(stage: Stage): ScriptedChange[] {
  const { directory, dialect, random, step } = stage;
  return take(stage, 1 + random.below(3)).map((person) => {
    const fields = dialect.visibleFields.filter((field) => field !== 'email' || person.email !== '');
    const field = random.pick(fields);
    return report('updated', directory.change(person.id, inventChange(field, person, random, step)), [field]);
  });
}

function regroupOne(stage: Stage): ScriptedChange[] {
  const isDue = stage.dialect.hasGroups && stage.step % 3 === 0;
  return take(stage, isDue ? 1 : 0).map((person) => {
    const change = inventChange('groups', person, stage.random, stage.step);
    return report('regrouped', stage.directory.change(person.id, change), ['groups']);
  });
}

function touchSome(stage: Stage): ScriptedChange[] {
  const touched = take(stage, stage.step % 2 === 0 ? 2 : 0);
  return touched.map(({ id }) => report('touched', stage.directory.touch(id), ['updatedAt']));
}

function letJoin({ directory, random }: Stage): ScriptedChange[] {
  return Array.from({ length: 1 + random.below(2) }, () => report('created', directory.add()));
}

function take(
  stage: Stage,
  wanted: number,
  isFit: (person: SimulatedPerson) => boolean = () => true,
): SimulatedPerson[] {
  const taken = stage.pool.filter(isFit).slice(0, wanted);
  for (const person of taken) stage.pool.splice(stage.pool.indexOf(person), 1);
  return taken;
}

function report(kind: ScriptedChange['kind'], { id }: SimulatedPerson, fields: readonly string[] = []): ScriptedChange {
  return { kind, id, fields };
}

function inventChange(field: ScriptedField, person: SimulatedPerson, random: Random, step: number): PersonChange {
  switch (field) {
    case 'familyName':
      return { familyName: random.pick(familyNames.filter((name) => name !== person.familyName)) };
    case 'userName':
      return { userName: `${person.userName.replace(/\.s\d+$/, '')}.s${step}` };
    case 'email':
      return { email: `${person.userName}.s${step}@example.org` };
    case 'title':
      return { title: random.pick(titles.filter((title) => title !== person.title)) };
    case 'language':
      return { language: random.pick(languages.filter((language) => language !== person.language)) };
    case 'admin':
      return { admin: !person.admin };
    case 'groups':
      return { groups: toggle(person.groups, random.below(groupNames.length)) };
  }
}

function toggle(groups: readonly number[], group: number): number[] {
  const others = groups.filter((other) => other !== group);
  return others.length < groups.length ? others : [...others, group].toSorted((a, b) => a - b);
}
