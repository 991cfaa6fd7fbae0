import { describe, expect, it } from 'vitest';
import type { Connection } from '../../../../src/model/connection.ts';
import { connectionId } from '../../../../src/model/ids.ts';
import { instant } from '../../../../src/model/instant.ts';
import { budgetOf, jitterSeconds, judgeReadiness } from '../../../../src/sweep/dispatch-readiness.ts';
import { minuteMs, noon, noonMs } from '../../../support/dispatch-under-test.ts';
import { aConnection, aState } from '../../store/sample-log.ts';

const acme = connectionId('acme');

/** What becomes of a connection that is due since noon, so many minutes later. */
function judge({ attempts = 0, minutes = 0 }, settings: Partial<Connection> = {}) {
  const connection = aConnection(acme, settings);
  return judgeReadiness({ connection, state: aState({ attempts, dueAt: noon }) }, noonMs + minutes * minuteMs);
}

describe(judgeReadiness, () => {
  it('lets a connection be swept that is due', () => {
    expect(judge({})).toStrictEqual({ kind: 'ready' });
  });

  it('puts off one that is paused, and one in its maintenance window until that ends', () => {
    const maintenance = [{ from: '11:30', to: '12:30' }];

    expect(judge({}, { paused: true })).toStrictEqual({ kind: 'postponed', to: instant(noonMs + 15 * minuteMs) });
    expect(judge({}, { maintenance })).toStrictEqual({ kind: 'postponed', to: instant(noonMs + 30 * minuteMs) });
    expect(judge({ minutes: 30 }, { maintenance })).toStrictEqual({ kind: 'ready' });
  });

  it.each([
    { attempts: 3, waitMinutes: 0 },
    { attempts: 4, waitMinutes: 1 },
    { attempts: 5, waitMinutes: 2 },
    { attempts: 8, waitMinutes: 16 },
    { attempts: 12, waitMinutes: 256 },
    { attempts: 13, waitMinutes: 360 },
    { attempts: 5_000, waitMinutes: 360 },
  ])('lets one wait $waitMinutes minutes of which $attempts ticks have begun and none has ended', (given) => {
    const { attempts, waitMinutes } = given;

    if (waitMinutes > 0) expect(judge({ attempts, minutes: waitMinutes - 0.1 })).toStrictEqual({ kind: 'backing_off' });
    expect(judge({ attempts, minutes: waitMinutes })).toStrictEqual({ kind: 'ready' });
  });
});

describe(jitterSeconds, () => {
  it.each([
    { everySeconds: 10, seconds: 0 },
    { everySeconds: 60, seconds: 0xff_ff % 4 },
    { everySeconds: 600, seconds: 0xff_ff % 40 },
    { everySeconds: 900, seconds: 0xff_ff % 60 },
    { everySeconds: 86_400, seconds: 0xff_ff % 60 },
  ])('is $seconds of at most a fifteenth of $everySeconds seconds, and less than a minute', (given) => {
    const hashText = (text: string) => (text === 'jitter acme' ? '0000fffff' : '');

    expect(jitterSeconds(aConnection(acme, { everySeconds: given.everySeconds }), hashText)).toBe(given.seconds);
  });
});

describe(budgetOf, () => {
  it('is that of vendor, address and credential, by name', () => {
    const credentials = { secret: { secretsManager: 's', field: 'f' }, id: { ssm: '/x' } };

    expect(budgetOf(aConnection(acme, { credentials }), (text) => text)).toBe(
      JSON.stringify([
        'openproject',
        'https://projects.example',
        [
          ['id', [['ssm', '/x']]],
          [
            'secret',
            [
              ['field', 'f'],
              ['secretsManager', 's'],
            ],
          ],
        ],
      ]),
    );
  });
});
