import { dispositions, type FeedError, type FeedErrorCode, isFeedError } from '../../src/model/feed-error.ts';
import { Broken, type FuzzOutcome } from './fuzz-target.ts';

/** In every credential, and in every name and address of a person that is fed: in no message. */
export const credentialMark = 'Geheimnis-4711';
export const personMark = 'Kanarienfrau';

export type RefusalRules = {
  /** Beginnings of the codes that a refusal may have here. */
  readonly codes: readonly string[];
  /** Codes that mean a bug of whoever wrote what is read, and are what is documented here. */
  readonly alsoBugs?: readonly FeedErrorCode[];
  /** Whether a name may be told: a vendor's own message may hold anything. */
  readonly mayName?: boolean | undefined;
  /** Whether what is marked as a credential is none, because it stands where none belongs. */
  readonly mayTell?: boolean | undefined;
};

/** A refusal as it may be. @throws Broken for any other error: a crash, a bug, a code of elsewhere, or a mark in it */
export function takeRefusal(error: unknown, { codes, alsoBugs = [], mayName, mayTell }: RefusalRules): FuzzOutcome {
  if (error instanceof Broken) throw error;
  if (!isFeedError(error)) throw new Broken('crash', describeCrash(error), { cause: error });
  const { code } = error as FeedError;
  if (!codes.some((begin) => code.startsWith(begin))) throw new Broken('other_code', `${code}: ${error.message}`);
  if (dispositions[code] === 'bug' && !alsoBugs.includes(code)) throw new Broken('bug', error.message);
  refuseMarks(textOf(error), { mayName, mayTell });
  return { kind: 'refused', note: `${code} ${shapeOf(error.message)}` };
}

/** @throws Broken where a credential or a person is named */
export function refuseMarks(text: string, { mayName, mayTell }: Partial<RefusalRules> = {}): void {
  if (mayTell !== true && text.includes(credentialMark)) throw new Broken('credential_told', text.slice(0, 500));
  if (mayName !== true && text.toLowerCase().includes(personMark.toLowerCase()))
    throw new Broken('person_told', text.slice(0, 500));
}

/** Everything that a log would show of an error: with its context and its causes. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const context = 'context' in error ? JSON.stringify(error.context) : '';
  return `${error.message} ${context} ${error.cause === undefined ? '' : textOf(error.cause)}`;
}

/** A message without what tells two of a kind apart. */
export function shapeOf(text: string): string {
  return text
    .replace(/["'`][^"'`]*["'`]/g, 'q')
    .replace(/\d+/g, '0')
    .slice(0, 160);
}

function describeCrash(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 4).join(' | ') : String(error);
}

const prototypes = {
  Object: Object.prototype,
  Array: Array.prototype,
  String: String.prototype,
  Function: Function.prototype,
};
const knownKeys = new Map(Object.entries(prototypes).map(([name, prototype]) => [name, ownKeys(prototype)]));

/** @throws Broken where an input has changed what all objects have */
export function refusePollution(): void {
  for (const [name, prototype] of Object.entries(prototypes))
    if (ownKeys(prototype) !== knownKeys.get(name)) throw new Broken('prototype_polluted', name);
}

function ownKeys(prototype: object): string {
  return Reflect.ownKeys(prototype).map(String).join(' ');
}
