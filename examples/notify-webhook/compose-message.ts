import type { UserEvent } from '../../src/events/public.ts';

/** Longer names are cut: a message is no place for them. */
const maxNameLength = 80;

/** One line for a chat. Of the person it holds the display name and nothing else. Undefined for what nobody wants to hear. */
export function composeMessage({ type, metadata, data }: UserEvent): string | undefined {
  const name = escapeText(data.user.displayName ?? 'Somebody without a name');
  const where = escapeText(metadata.connectionId);
  if (type === 'user.deleted') return `${name} has left ${where}`;
  if (type === 'user.created')
    return `${name} ${'restored' in data && data.restored ? 'is back' : 'is new'} in ${where}`;
  if (type === 'user.status_changed') return `${name} is ${data.user.status} in ${where}`;
  return undefined;
}

/**
 * Text that stays text. Source: docs.slack.dev, "Formatting message text": `&`, `<` and `>` are control characters, and by
 * them alone a name could address a channel or hide a link. Line breaks would forge a second message.
 */
function escapeText(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  const characters = Array.from(line);
  const short = characters.length > maxNameLength ? `${characters.slice(0, maxNameLength).join('')}…` : line;
  return short.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
