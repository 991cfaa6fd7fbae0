import type { BusEvent } from '../local/event-bus/bus-event.ts';
import { eventLine } from './event-line.ts';
import { explainError } from './exit-code.ts';
import type { FeedListener } from './feed.ts';
import type { Output } from './output.ts';

/** Prints what a running feed publishes, or keeps it for the one document of `--json`. */
export function hearEvents(
  { json }: { readonly json: boolean },
  output: Output,
): FeedListener & { readonly events: readonly BusEvent[] } {
  const events: BusEvent[] = [];
  return {
    events,
    onEvent: async (event) => {
      if (json) events.push(event);
      else output.result(eventLine(event, output.paint));
    },
    onFault: (where, error) => output.note(`${where}: ${explainError(error)}`),
  };
}
