import type { ReviewedUser } from './reviewed-user.ts';

const columns = ['connection', 'id', 'name', 'status', 'lastChange', 'lastChangedAt'] as const;

/** Present users as CSV after RFC 4180, in the order of connection and id. */
export function toCsv(users: readonly ReviewedUser[]): string {
  const present = users
    .filter(({ isPresent }) => isPresent)
    .sort((one, other) => compare(one.connection, other.connection) || compare(one.id, other.id));
  const lines = [columns, ...present.map((user) => columns.map((column) => user[column] ?? ''))];
  return lines.map((cells) => `${cells.map(toCell).join(',')}\r\n`).join('');
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/**
 * A spreadsheet runs a cell that begins with one of these as a formula; with an apostrophe before it, it is text. Where
 * people write decimal commas, a semicolon or a tab begins a new cell.
 * Source: OWASP, "CSV Injection".
 */
function toCell(value: string): string {
  const text = value.replace(/[;\t\r\n](?=[=+\-@＝＋－＠])/g, "$&'").replace(/^(?=[=+\-@\t\r\n＝＋－＠])/, "'");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
