import { describe, expect, it } from 'vitest';
import {
  createSimulatedDirectory,
  restoreSimulatedDirectory,
} from '../../../../local/simulators/create-simulated-directory.ts';
import type { SimulatedDirectory } from '../../../../local/simulators/simulated-directory.ts';
import type { SimulatedPerson } from '../../../../local/simulators/simulated-person.ts';
import { findSimulatedVendor } from '../../../../local/simulators/simulated-vendors.ts';
import { vendorNames } from './simulator-under-test.ts';

const seeds = ['1', '2', 'acme', 'a longer seed with spaces', 'ü'];

function play(directory: SimulatedDirectory, steps: number) {
  return Array.from({ length: steps }, () => directory.advance());
}

function judge(old: SimulatedPerson | undefined, now: SimulatedPerson | undefined): string {
  if (!old || !now) return now ? 'created' : 'removed';
  const keys = Object.keys(now) as (keyof SimulatedPerson)[];
  const changed = keys.filter((key) => now[key] !== old[key] && key !== 'updatedAt');
  if (changed.includes('status')) return 'status_changed';
  if (changed.includes('groups')) return 'regrouped';
  if (changed.length > 0) return 'updated';
  return now.updatedAt === old.updatedAt ? 'unchanged' : 'touched';
}

describe.each(vendorNames)('createSimulatedDirectory for %s', (vendor) => {
  it('gives the same people, changes and instants for the same seed and size', () => {
    const [first, second] = [1, 2].map(() => createSimulatedDirectory({ vendor, seed: 'same', size: 40 }));

    const changes = [first, second].map((directory) => directory && play(directory, 10));

    expect(changes[0]).toStrictEqual(changes[1]);
    expect(first?.toJson()).toStrictEqual(second?.toJson());
  });

  it('gives other people for another seed', () => {
    const [names, others] = ['one', 'two'].map((seed) =>
      createSimulatedDirectory({ vendor, seed, size: 40 })
        .people()
        .map(({ userName }) => userName),
    );

    expect(names).not.toStrictEqual(others);
  });

  it.each(seeds)('has a creation, an update, a status change and a removal in its first step, seed %s', (seed) => {
    for (const size of [3, 10, 200]) {
      const changes = createSimulatedDirectory({ vendor, seed, size }).advance();

      const kinds = new Set(changes.map(({ kind }) => kind));
      expect([...kinds].toSorted()).toStrictEqual(['created', 'removed', 'status_changed', 'updated']);
    }
  });

  it('reports in every step exactly what became of each person', () => {
    const directory = createSimulatedDirectory({ vendor, seed: 'report', size: 30 });

    for (let step = 1; step <= 25; step += 1) {
      const before = new Map(directory.people().map((person) => [person.id, person]));
      const reported = directory.advance();

      const after = new Map(directory.people().map((person) => [person.id, person]));
      const seen = [...new Set([...before.keys(), ...after.keys()])]
        .map((id) => `${id} ${judge(before.get(id), after.get(id))}`)
        .filter((line) => !line.endsWith('unchanged'));
      expect(reported.map(({ id, kind }) => `${id} ${kind}`).toSorted()).toStrictEqual(seen.toSorted());
    }
  });

  it('never empties, never uses an id again and never leaves the reserved domains', () => {
    const directory = createSimulatedDirectory({ vendor, seed: 'long', size: 5 });
    const removed = new Set<string>();

    for (const change of play(directory, 300).flat()) {
      if (change.kind === 'removed') removed.add(change.id);
      if (change.kind === 'created') expect(removed).not.toContain(change.id);
    }

    expect(removed.size).toBeGreaterThan(50);
    expect(directory.people().length).toBeGreaterThan(0);
    for (const { email } of directory.people()) expect(email).toMatch(/^$|@example\.(com|org)$/);
  });

  it('goes on from its JSON as if it had never stopped', () => {
    const directory = createSimulatedDirectory({ vendor, seed: 'stop', size: 20 });
    play(directory, 4);
    const departed = directory.remove(directory.people()[0]?.id ?? '');

    const restored = restoreSimulatedDirectory(JSON.parse(JSON.stringify(directory.toJson())));

    expect(restored.toJson()).toStrictEqual(directory.toJson());
    expect(restored.departed()).toContainEqual(departed);
    expect(play(restored, 6)).toStrictEqual(play(directory, 6));
    expect(restored.toJson()).toStrictEqual(directory.toJson());
  });

  it('does every single operation and stamps it', () => {
    const directory = createSimulatedDirectory({ vendor, seed: 'single', size: 3, nowMs: () => Date.UTC(2030, 0, 1) });
    const stamp = '2030-01-01T00:00:00.000Z';
    const [first, second] = directory.people();
    if (!first || !second) throw new Error('the directory is too small');

    const added = directory.add({ givenName: 'Extra', status: 'odd' });
    const changed = directory.change(first.id, { title: 'Pilot' });
    const turned = directory.setStatus(first.id, 'odd');
    const left = directory.remove(second.id);

    expect(added).toMatchObject({ givenName: 'Extra', status: 'odd', createdAt: stamp });
    expect(changed).toStrictEqual({ ...first, title: 'Pilot', updatedAt: stamp });
    expect(turned).toStrictEqual({ ...changed, status: 'odd' });
    expect(directory.find(second.id)).toBeUndefined();
    expect(directory.departed()).toStrictEqual([left]);
    expect(directory.people()).toHaveLength(3);
  });

  it('orders a deletion without a new stamp and finishes it with the next step', () => {
    const directory = createSimulatedDirectory({ vendor, seed: 'leave', size: 9 });
    const { active } = findSimulatedVendor(vendor).dialect.statuses;
    const leaver = directory.people().find(({ status }) => status === active);
    if (!leaver) throw new Error('nobody is active');

    const locked = directory.startLeaving(leaver.id);
    const changes = directory.advance();

    expect(locked.status).not.toBe(leaver.status);
    expect(locked.updatedAt).toBe(leaver.updatedAt);
    expect(changes).toContainEqual({ kind: 'removed', id: leaver.id, fields: [] });
  });

  it('forgets the departed with the next step', () => {
    const directory = createSimulatedDirectory({ vendor, seed: 'forget', size: 9 });
    const [first] = directory.people();
    directory.remove(first?.id ?? '');

    directory.advance();

    expect(directory.departed().map(({ id }) => id)).not.toContain(first?.id);
  });

  it('refuses an id that is not there', () => {
    const directory = createSimulatedDirectory({ vendor, seed: 'none', size: 1 });

    for (const operation of [directory.remove, directory.touch, directory.startLeaving]) {
      expect(() => operation('nobody')).toThrow('nobody');
    }
  });
});

describe('createSimulatedDirectory for leen', () => {
  it('never shows an e-mail address that was hidden', () => {
    const directory = createSimulatedDirectory({ vendor: 'leen', seed: 'hidden', size: 30 });
    const hidden = directory.people().filter(({ email }) => email === '');

    play(directory, 60);

    const left = hidden.map(({ id }) => directory.find(id)).filter((person) => person !== undefined);
    expect(left.length).toBeGreaterThan(0);
    expect(left.map(({ email }) => email)).toStrictEqual(left.map(() => ''));
  });
});

describe('restoreSimulatedDirectory', () => {
  const json = createSimulatedDirectory({ vendor: 'leen', seed: 'json', size: 2 }).toJson();

  it.each([
    ['another version', { ...json, version: 2 }],
    ['an unknown key', { ...json, colour: 'red' }],
    ['a person without an id', { ...json, people: json.people.map(({ id: _, ...rest }) => rest) }],
    ['nothing', null],
  ])('refuses %s', (_, broken) => {
    expect(() => restoreSimulatedDirectory(broken)).toThrow('not a simulated directory of version 1');
  });

  it('refuses a vendor nobody simulates', () => {
    expect(() => restoreSimulatedDirectory({ ...json, vendor: 'acme' })).toThrow('no simulator for acme');
  });
});
