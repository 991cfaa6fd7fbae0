import { printEvent } from './print-event.ts';

export async function handler({ Records }: { Records: readonly unknown[] }): Promise<void> {
  for (const message of Records) printEvent(message);
}
