import type { Fact } from './render-facts.ts';
import { showCount } from './show-count.ts';
import type { Trial, TriedPage } from './try-connection.ts';

/** What a trial showed, as facts for people. */
export function trialFacts(trial: Trial): readonly Fact[] {
  const { connectionId, vendor, elapsedMs } = trial;
  const took: Fact = ['took', `${elapsedMs} ms`];
  if (trial.outcome === 'failed') {
    const { code, message } = trial.fault;
    return [
      ['connection', connectionId],
      ['vendor', vendor],
      ['result', `failed (${code})`],
      ['reason', message],
      ['what to do', remedyOf(code)],
      took,
    ];
  }
  const { page } = trial;
  return [
    ['connection', connectionId],
    ['vendor', vendor],
    ['result', 'passed'],
    ['first page', pageText(page)],
    ['total', totalText(page)],
    ['end of the list', page.isEnd ? 'this page is the last' : `more pages follow; the end is: ${page.endSignal}`],
    ['complete', page.vetoes.length === 0 ? undefined : `never, as the vendor says: ${page.vetoes.join(', ')}`],
    ['deltas', deltaTexts[page.delta]],
    ['missing users', page.hasProbe ? 'are asked about one by one' : 'are concluded from absence alone'],
    took,
  ];
}

/** A trial in one line. */
export function trialLine(trial: Trial): string {
  const { connectionId } = trial;
  if (trial.outcome === 'failed')
    return `${connectionId}: ${trial.fault.code}: ${trial.fault.message}; ${remedyOf(trial.fault.code)}`;
  const { page } = trial;
  const end = page.isEnd ? 'the vendor says that this is all' : `the list ends with: ${page.endSignal}`;
  return `${connectionId}: ${pageText(page)} on the first page; total: ${totalText(page)}; ${end}`;
}

const deltaTexts: { readonly [Answer in TriedPage['delta']]: string } = {
  yes: 'possible',
  no: 'not possible: only whole lists show what has changed',
  unknown: 'the vendor did not say whether they are possible',
};

function pageText({ users, rejected, excluded = 0 }: TriedPage): string {
  return [
    users === 1 ? '1 user' : `${showCount(users)} users`,
    ...(excluded > 0 ? [`${showCount(excluded)} left out by the connection's rules`] : []),
    ...(rejected > 0 ? [`${showCount(rejected)} rows that cannot be read`] : []),
  ].join(', ');
}

function totalText({ total, totalKind }: TriedPage): string {
  if (total === undefined) return 'the vendor states none';
  return `${showCount(total)}${totalKind === 'hard' ? '' : ', which may count somebody whom the list never shows'}`;
}

const remedies: readonly (readonly [code: RegExp, remedy: string])[] = [
  [/unauthorized/, 'renew the credential, or name the right one'],
  [/forbidden/, 'give the credential the permission to list users'],
  [/not_found|bad_response/, 'check baseUrl and the account in options: something else answers there'],
  [/rejected_request/, 'check the options: the vendor does not take them'],
  [/rate_limited/, 'try again later; requestBudget keeps a connection below a limit'],
  [/unavailable|timeout|out_of_time/, 'check baseUrl, and whether the vendor can be reached from here'],
  [/^config/, 'correct what it names'],
];

function remedyOf(code: string): string {
  return remedies.find(([pattern]) => pattern.test(code))?.[1] ?? 'see docs/vendors.md';
}
