import type { ApplyElsewhere } from '../../src/consumer/public.ts';
import { composeMessage } from './compose-message.ts';
import type { PostMessage } from './post-message.ts';

/** Tells a chat who came, left or changed status. Replays and resyncs repeat what was told, and are left out. */
export function notify(post: PostMessage): ApplyElsewhere['apply'] {
  return async (event, { signal }) => {
    if (event.metadata.origin === 'resync' || event.metadata.origin === 'replay') return;
    const text = composeMessage(event);
    if (text !== undefined) await post(text, signal);
  };
}
