import { describe, expect, it } from 'vitest';
import { connectionFacts, connectionJson } from '../../../cli/connection-facts.ts';
import { diagnose, findingKinds, type Symptoms } from '../../../cli/diagnose.ts';
import { sweepId } from '../../../src/model/ids.ts';
import { epochMs } from '../../../src/model/instant.ts';
import type { ConnectionState } from '../../../src/sweep/connection-state.ts';
import { at } from '../../support/builders.ts';
import { aHold } from '../store/sample-hold.ts';
import { aConnection, aState } from '../store/sample-log.ts';
import { acme } from './sample-feed.ts';

const lastComplete = { sweepId: sweepId('s'), startedAt: at(0), directory: 'd', scope: '{}' };

/** A connection with which all is well, and what the test says of it. */
function findingsOf(state: Partial<ConnectionState>, given: Partial<Symptoms> = {}) {
  const symptoms = { connection: aConnection(acme), holds: [], published: 0, nowMs: epochMs(at(10)) };
  return diagnose({ ...symptoms, state: aState({ lastComplete, ...state }), ...given });
}

const kindsOf = (...given: Parameters<typeof findingsOf>) => findingsOf(...given).map(({ kind }) => kind);

describe(diagnose, () => {
  it('finds nothing where all is well', () => {
    expect(findingsOf({ volatility: { sweeps: 20, fields: { title: 10 } } })).toStrictEqual([]);
  });

  it('misses a complete sweep after three intervals, and where there was none', () => {
    const { lastComplete: _, ...unswept } = aState();

    expect(kindsOf({}, { nowMs: epochMs(at(45)) })).toStrictEqual([]);
    expect(kindsOf({}, { nowMs: epochMs(at(46)) })).toStrictEqual(['stale']);
    expect(kindsOf({}, { state: unswept })).toStrictEqual(['stale']);
  });

  it('misses no sweep of a connection that is paused, or whose vendor is being maintained', () => {
    const nowMs = epochMs(at(600));
    const maintenance = [{ from: '00:00', to: '23:59' }] as never;

    expect(kindsOf({}, { nowMs })).toStrictEqual(['stale']);
    expect(kindsOf({}, { nowMs, connection: aConnection(acme, { paused: true }) })).toStrictEqual([]);
    expect(kindsOf({}, { nowMs, connection: aConnection(acme, { maintenance }) })).toStrictEqual([]);
  });

  it('says why a connection fails', () => {
    const lastReport = { sweepId: sweepId('s'), deniedBy: ['vetoed' as const] };
    const failure = { code: 'vendor.timeout', message: 'no answer' };

    expect(findingsOf({ failures: 2 }, { lastReport })[0]?.message).toBe(
      'the last 2 full sweeps were not complete: vetoed',
    );
    expect(findingsOf({ failures: 1 }, { lastReport: { ...lastReport, failure } })[0]?.message).toBe(
      'the last full sweep was not complete: no answer (vendor.timeout)',
    );
    expect(kindsOf({ attempts: 2 })).toStrictEqual(['failing']);
  });

  it('asks for a decision about a hold, or waits for the sweep that uses it', () => {
    const hold = aHold('hold-1');
    const waiting = { verdict: 'rejected', by: 'ada', at: at(3) } as const;

    expect(findingsOf({}, { holds: [{ hold }, { hold, waiting }] }).map(({ remedy }) => remedy)).toStrictEqual([
      'approve or reject it: ucf holds show hold-1',
      'rejected by ada: the next complete full sweep uses that',
    ]);
  });

  it('finds everything else that is worth a look', () => {
    const basis = { sweepId: sweepId('s'), startedAt: at(0) };
    const found = kindsOf(
      {
        volatility: { sweeps: 4, fields: { lastLoginAt: 3 } },
        delta: { ignoredAt: at(1) },
        acknowledged: ['status'],
        lastEvent: { position: 7 },
        checkpoint: { basis } as never,
        failures: 1,
      },
      { published: 6, nowMs: epochMs(at(24 * 60 + 1)), holds: [{ hold: aHold('hold-1') }] },
    );

    expect(found).toStrictEqual([...findingKinds]);
  });
});

describe(connectionFacts, () => {
  it('shows no secret: neither the key of the digests nor a name that could be a pasted key', () => {
    const connection = aConnection(acme, { credentials: { apiKey: { env: 'sk1a2B3c4D5e6F' } } });
    const standing = { connection, state: aState({ lastComplete }), published: 0 };

    const shown = JSON.stringify([connectionFacts(standing), connectionJson(standing)]);
    expect(shown).not.toMatch(/digest key|sk1a2B3c4D5e6F/);
  });

  it('shows settings as the connection file spells them', () => {
    const facts = new Map(connectionFacts({ connection: aConnection(acme), state: undefined, published: 0 }));

    expect(facts.get('every')).toBe('15m');
    expect(facts.get('credential apiKey')).toBe('env PROJECTS_KEY');
    expect(facts.get('deletion')).toBe('after 2 complete sweeps, or a probe (at most 20 a sweep)');
    expect(facts.get('brake')).toContain('deleted 25 or 5 %, never above 500');
  });
});
