import type { Output } from './output.ts';
import { paintFor } from './paint.ts';

type Stream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** To the beginning of the line, which is emptied: what ECMA-48 calls CR and EL. */
const emptyLine = '\r\u001b[K';
/** What a terminal that does not say how wide it is has at least. */
const usualColumns = 80;

/** Results to one stream and notes to another, and on a terminal a line that stands until something else is written. */
export function createTerminalOutput({
  stdout,
  stderr,
}: {
  readonly stdout: Stream;
  readonly stderr: Stream;
}): Required<Pick<Output, 'paint' | 'paintNote'>> & Output {
  let isLive = false;
  const clear = () => {
    if (isLive) stderr.write(emptyLine);
    isLive = false;
  };
  const live = (line: string | undefined) => {
    clear();
    if (line === undefined) return;
    // A line that wraps could not be taken back.
    stderr.write(line.slice(0, (stderr.columns ?? usualColumns) - 1));
    isLive = true;
  };
  return {
    result(line) {
      clear();
      stdout.write(`${line}\n`);
    },
    note(line) {
      clear();
      stderr.write(`${line}\n`);
    },
    ...(stderr.isTTY === true && { live }),
    paint: paintFor(stdout),
    paintNote: paintFor(stderr),
  };
}
