import type { ServerResponse } from 'node:http';
import type { LiveEvents } from './live-events.ts';
import { beginAnswer } from './respond.ts';

/** What is between keeps nothing open that is silent for long. */
const pingEveryMs = 15_000;
/** What is kept for a page that does not read; one that is let go asks again for what it has missed. */
const maxWaitingBytes = 1_048_576;
/** Pages that are open at once; more are somebody's mistake. */
const maxStreams = 50;

/** Serves live events as Server-Sent Events, to so many pages at most. */
export function createEventStreams(live: LiveEvents): (response: ServerResponse) => void {
  let open = 0;
  return (response) => {
    if (open >= maxStreams) {
      beginAnswer(response, 503, 'text/plain');
      response.end('too many pages are open\n');
      return;
    }
    open += 1;
    beginAnswer(response, 200, 'text/event-stream');
    const write = (text: string) => {
      if (response.writableLength > maxWaitingBytes) response.destroy();
      else response.write(`${text}\n\n`);
    };
    // What came before this page listened, it has to read.
    write('data: []');
    const stop = live.listen((events) => write(`data: ${JSON.stringify(events)}`));
    const pinging = setInterval(() => write(': still here'), pingEveryMs);
    response.on('close', () => {
      open -= 1;
      stop();
      clearInterval(pinging);
    });
  };
}
