import { describe, expect, it } from 'vitest';
import { eventIdOf } from '../../../src/events/event-id.ts';

describe(eventIdOf, () => {
  it('is the UUIDv5 of connection, epoch and sequence in the feed’s namespace', () => {
    // python3: uuid.uuid5(uuid.UUID('5f0f3c0e-7d0b-5a52-9a43-1c6f6c3f7a55'), 'acme-openproject/1/4711')
    expect(eventIdOf('acme-openproject', 1, 4711)).toBe('a9e55f9a-fcef-5523-927d-ddf890b6a1bc');
  });

  it('is the same every time and another one for every other event', () => {
    const ids = [
      eventIdOf('a', 1, 1),
      eventIdOf('a', 1, 2),
      eventIdOf('a', 2, 1),
      eventIdOf('a', 11, 1),
      eventIdOf('a', 1, 11),
      eventIdOf('a/1', 1, 1),
      eventIdOf('b', 1, 1),
      eventIdOf('A', 1, 1),
    ];

    expect(new Set(ids).size).toBe(ids.length);
    expect(eventIdOf('a', 1, 1)).toBe(ids[0]);
  });
});
