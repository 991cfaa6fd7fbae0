import { describe, expect, it } from 'vitest';
import {
  type BusEntry,
  entryBytes,
  maxBytesPerCall,
  maxEntriesPerCall,
  packEntries,
  toBusEntry,
} from '../../../src/events/pack-entries.ts';
import { at, aUserEvent } from '../../support/builders.ts';

function anEntry(given: Partial<BusEntry> = {}): BusEntry {
  return { Source: 's', DetailType: 't', Time: new Date(at(0)), Resources: [], Detail: '{}', ...given };
}

/** An entry that the service counts as so many bytes. */
function sized(bytes: number, letter = 'x'): BusEntry {
  const room = bytes - entryBytes(anEntry({ Detail: '' }));
  const letterBytes = Buffer.byteLength(letter);
  return anEntry({ Detail: letter.repeat(Math.floor(room / letterBytes)) + '-'.repeat(room % letterBytes) });
}

describe(toBusEntry, () => {
  it('puts metadata and data into the detail, and the type beside it', () => {
    const event = aUserEvent({ user: { id: '42', status: 'active', displayName: 'Zoë 👩' } });

    const entry = toBusEntry(event);

    expect({ ...entry, Detail: JSON.parse(entry.Detail) }).toStrictEqual({
      Source: 'user-change-feed',
      DetailType: 'user.updated',
      Time: new Date(event.metadata.observedAt),
      Resources: ['urn:user-change-feed:connection:acme-openproject'],
      Detail: { metadata: event.metadata, data: event.data },
    });
  });
});

describe(entryBytes, () => {
  it.each([
    ['14 for the time and one for each other letter', anEntry(), 14 + 1 + 1 + 2],
    ['every resource', anEntry({ Resources: ['abc', 'de'] }), 14 + 1 + 1 + 2 + 5],
    ['two bytes for an umlaut', anEntry({ Detail: 'ä' }), 14 + 1 + 1 + 2],
    ['three bytes for a euro sign', anEntry({ DetailType: '€' }), 14 + 1 + 3 + 2],
    ['four bytes for an emoji', anEntry({ Source: '👩' }), 14 + 4 + 1 + 2],
    ['eleven bytes for an astronaut of three code points', anEntry({ Detail: '👩‍🚀' }), 14 + 1 + 1 + 11],
  ])('counts %s', (_, entry, bytes) => {
    expect(entryBytes(entry)).toBe(bytes);
  });
});

describe(packEntries, () => {
  it('makes no call of nothing', () => {
    expect(packEntries([])).toStrictEqual([]);
  });

  it('fills a call with ten entries and begins another with the eleventh', () => {
    const entries = Array.from({ length: 21 }, (_, number) => anEntry({ Detail: `${number}` }));

    expect(packEntries(entries)).toStrictEqual([
      entries.slice(0, maxEntriesPerCall),
      entries.slice(maxEntriesPerCall, 20),
      entries.slice(20),
    ]);
  });

  it('keeps a call below 1 MB: the last byte that fits', () => {
    const entries = [sized(600_000), sized(maxBytesPerCall - 600_000)];

    expect(entries.reduce((sum, entry) => sum + entryBytes(entry), 0)).toBe(1024 * 1024 - 1);
    expect(packEntries(entries)).toStrictEqual([entries]);
  });

  it('begins another call for the byte that makes 1 MB', () => {
    const [one, two] = [sized(600_000), sized(maxBytesPerCall - 600_000 + 1)];

    expect(packEntries([one, two])).toStrictEqual([[one], [two]]);
  });

  it('counts bytes and not letters', () => {
    const [one, two] = [sized(600_000, '👩'), sized(600_000, 'ä')];

    expect(packEntries([one, two])).toStrictEqual([[one], [two]]);
  });

  it('starts counting anew in every call', () => {
    const entries = [sized(700_000), sized(400_000), sized(600_000), sized(50_000)];

    expect(packEntries(entries)).toStrictEqual([[entries[0]], [entries[1], entries[2]], [entries[3]]]);
  });

  it('gives an entry beyond the limit a call of its own, for the service to judge', () => {
    const [small, huge, last] = [sized(100), sized(maxBytesPerCall + 1), sized(101)];

    expect(packEntries([small, huge, last])).toStrictEqual([[small], [huge], [last]]);
  });
});
