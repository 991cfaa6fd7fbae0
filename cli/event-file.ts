import { open } from 'node:fs/promises';
import type { BusEvent } from '../local/event-bus/bus-event.ts';
import { FeedError } from '../src/model/feed-error.ts';

/** Appends each delivered event to a file, as one JSON line. */
export type EventFile = { append(event: BusEvent): Promise<void>; close(): Promise<void> };

/**
 * Opens a file of events for appending. A line that a kill cut short is taken out: its event was not accepted, and
 * comes again.
 * @throws config.invalid where the file cannot be written
 */
export async function openEventFile(path: string): Promise<EventFile> {
  const file = await open(path, 'a+', 0o600).catch((cause: NodeJS.ErrnoException) => {
    const message = `cannot be written (${cause.code ?? cause.message}); name a file that can`;
    throw new FeedError(
      'config.invalid',
      `--events ${path}: ${message}`,
      { faults: [{ path: '--events', message }] },
      { cause },
    );
  });
  const stat = await file.stat();
  // A pipe or a terminal has no lines to repair.
  const whole = stat.isFile() ? await wholeLinesBytes(file, stat.size) : stat.size;
  if (whole < stat.size) await file.truncate(whole);
  return {
    async append(event) {
      await file.appendFile(`${JSON.stringify(event)}\n`);
    },
    close: () => file.close(),
  };
}

/** Bytes up to and including the last line break. */
async function wholeLinesBytes(file: Awaited<ReturnType<typeof open>>, size: number): Promise<number> {
  const chunk = Buffer.alloc(64 * 1024);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - chunk.length);
    const { bytesRead } = await file.read(chunk, 0, end - start, start);
    const at = chunk.subarray(0, bytesRead).lastIndexOf(0x0a);
    if (at !== -1) return start + at + 1;
    end = start;
  }
  return 0;
}
