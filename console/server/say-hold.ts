import type { Hold } from '../../src/model/hold.ts';

/** As a hold of the state or of an event, which may come from a later version. */
export type HeldChanges = {
  readonly kind: Hold['kind'];
  readonly count: number;
  readonly reason: string;
  readonly fields?: readonly string[] | undefined;
};

const kindWords: { readonly [Kind in Hold['kind']]: readonly [one: string, many: string] } = {
  created: ['new user', 'new users'],
  updated: ['change of fields', 'changes of fields'],
  status_changed: ['change of status', 'changes of status'],
  deleted: ['deletion', 'deletions'],
};

/** How many changes of which kind: `1 change of status`. */
export function countKind(kind: Hold['kind'], count: number): string {
  const [one, many] = kindWords[kind];
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** What is held, and by what. */
export function sayHold(hold: HeldChanges): string {
  return `${countKind(hold.kind, hold.count)} ${hold.count === 1 ? 'is' : 'are'} held: ${sayHoldReason(hold)}`;
}

/** Why changes were held. */
export function sayHoldReason({ reason, fields = [] }: Pick<HeldChanges, 'reason' | 'fields'>): string {
  if (reason === 'brake') return 'more than the brake lets pass in a day';
  if (reason === 'list_empty') return 'the list was suddenly empty';
  if (reason === 'list_collapsed') return 'the list had lost over half of its users';
  if (reason !== 'field_vanished') return reason;
  const names = fields.length === 0 ? 'a field' : fields.join(', ');
  return `${names} ${fields.length > 1 ? 'were' : 'was'} missing from nearly everybody`;
}
