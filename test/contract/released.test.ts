import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { detailJsonSchema, type JsonSchema } from '../../src/events/detail-json-schema.ts';
import { feedEventTypes, schemaVersion } from '../../src/events/feed-event.ts';
import { breakingChanges } from '../../tools/contract/breaking-changes.ts';

/** By version, what docs/schemas held at the release: at a release it is copied here, and never changed again. */
const released = fileURLToPath(new URL('released', import.meta.url));
const numbers = (version: string) => version.split('.').map(Number) as [number, number];
const isBefore = (a: string, b: string) => {
  const [[major, minor], [otherMajor, otherMinor]] = [numbers(a), numbers(b)];
  return major - otherMajor || minor - otherMinor;
};

type Release = { readonly version: string; readonly schemas: ReadonlyMap<string, JsonSchema> };

/** The schemas of the last release, by type of event. */
function lastRelease(): Release {
  const version = readdirSync(released).toSorted(isBefore).at(-1) ?? '';
  const files = readdirSync(`${released}/${version}`);
  const read = (file: string): JsonSchema => JSON.parse(readFileSync(`${released}/${version}/${file}`, 'utf8'));
  return { version, schemas: new Map(files.map((file) => [file.replace('.schema.json', ''), read(file)])) };
}

/** What consumers of a release would miss now; nothing where the major version says so. */
function missed({ version, schemas }: Release, present: ReadonlyMap<string, JsonSchema>, presentVersion: string) {
  if (numbers(presentVersion)[0] > numbers(version)[0]) return [];
  return [...schemas].flatMap(([type, before]) => {
    const after = present.get(type);
    return after === undefined ? [`${type} is gone`] : breakingChanges(before, after).map((line) => `${type}: ${line}`);
  });
}

const present = new Map<string, JsonSchema>(
  feedEventTypes.map((type) => [type, detailJsonSchema(type, 'draft-2020-12')]),
);

describe('the contract', () => {
  it('takes nothing away that the last release promised, unless its major version has risen', () => {
    expect(lastRelease().schemas.size).toBeGreaterThan(10);
    expect(missed(lastRelease(), present, schemaVersion)).toStrictEqual([]);
  });

  it('misses a type that is gone, and lets a new major version do as it likes', () => {
    const fewer = new Map([...present].filter(([type]) => type !== 'user.deleted'));

    expect(missed(lastRelease(), fewer, '1.9')).toStrictEqual(['user.deleted is gone']);
    expect(missed(lastRelease(), fewer, '2.0')).toStrictEqual([]);
  });

  it('is not behind what was released', () => {
    expect(isBefore(lastRelease().version, schemaVersion)).toBeLessThanOrEqual(0);
  });
});

describe(breakingChanges, () => {
  const released = present.get('user.status_changed') ?? {};

  /** The schema with something else at a path; `undefined` takes it away. */
  const changed = (path: string, change: (at: Record<string, unknown>) => void): JsonSchema => {
    const copy = structuredClone(released) as Record<string, unknown>;
    const at = path.split('.').reduce((part, name) => part[name] as Record<string, unknown>, copy);
    change(at);
    return copy;
  };
  const user = 'properties.data.properties.user';

  it.each<[string, JsonSchema, readonly string[]]>([
    [
      'a field that is gone',
      changed(`${user}.properties`, (fields) => delete fields.title),
      ['data.user.title is gone'],
    ],
    [
      'a field under another name',
      changed('properties.metadata.properties', (fields) => {
        fields.order = fields.sequence;
        delete fields.sequence;
      }),
      ['metadata.sequence is gone'],
    ],
    [
      'a field that may be absent now',
      changed(
        'properties.metadata',
        (at) => (at.required = (at.required as string[]).filter((name) => name !== 'revision')),
      ),
      ['metadata.revision was always there, and may be absent'],
    ],
    [
      'another type',
      changed('properties.metadata.properties.userId', (at) => (at.type = 'integer')),
      ['metadata.userId had type string, has integer'],
    ],
    [
      'a type within a list',
      changed(`${user}.properties.emails.items.properties.value`, (at) => (at.type = 'object')),
      ['data.user.emails[].value had type string, has object'],
    ],
    [
      'a type within an object of free names',
      changed(
        'properties.data.properties.truncatedValues.additionalProperties.properties.count',
        (at) => (at.type = 'string'),
      ),
      ['data.truncatedValues{}.count had type integer, has string'],
    ],
    [
      'a time that is no time any more',
      changed('properties.metadata.properties.observedAt', (at) => delete at.format),
      ['metadata.observedAt had format date-time, has none'],
    ],
    [
      'a value that is gone',
      changed(`${user}.properties.status`, (at) => (at.enum as string[]).splice(0, 1)),
      ['data.user.status lost the value active'],
    ],
    [
      'a value more in a closed set',
      changed(`${user}.properties.status`, (at) => (at.enum as string[]).push('retired')),
      ['data.user.status got the value retired'],
    ],
    [
      'a closed set that is open now',
      changed('properties.metadata.properties.origin', (at) => delete at.enum),
      ['metadata.origin was a closed set, is open'],
    ],
    [
      'a number that may be lower',
      changed('properties.metadata.properties.epoch', (at) => (at.exclusiveMinimum = -1)),
      ['metadata.epoch had exclusiveMinimum 0, has -1'],
    ],
    [
      'what it does not understand',
      changed(`${user}.properties.status`, (at) => (at.anyOf = [])),
      ['data.user.status cannot be compared: anyOf'],
    ],
  ])('tells of %s', (_, after, lines) => {
    expect(breakingChanges(released, after)).toStrictEqual(lines);
  });

  it.each<[string, JsonSchema]>([
    ['another description', changed('properties.metadata', (at) => (at.description = 'else'))],
    ['a new optional field', changed(`${user}.properties`, (fields) => (fields.nickname = { type: 'string' }))],
    [
      'a new field that is always there',
      changed('properties.metadata', (at) => {
        (at.properties as Record<string, unknown>).traceId = { type: 'string' };
        (at.required as string[]).push('traceId');
      }),
    ],
    [
      'a field that is always there from now on',
      changed('properties.metadata', (at) => (at.required as string[]).push('occurredAt')),
    ],
    ['a number that is higher', changed('properties.metadata.properties.epoch', (at) => (at.exclusiveMinimum = 1))],
  ])('lets %s be added', (_, after) => {
    expect(breakingChanges(released, after)).toStrictEqual([]);
  });
});
