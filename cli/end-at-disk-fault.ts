import { exitCodes } from './exit-code.ts';
import type { Output } from './output.ts';

/**
 * Ends the process in words where a database of the state folder cannot be read or written, such as on a full disk: the emulator of
 * the table throws such errors where nobody can catch them, and a database takes no write any more after one that failed.
 */
export function endAtDiskFault(output: Output): void {
  process.on('uncaughtException', (error) => {
    const isOfDisk = 'code' in error && typeof error.code === 'string' && error.code.startsWith('LEVEL_');
    if (isOfDisk)
      output.note(
        `ucf: the state folder cannot be used any more (${reasonOf(error)}); what was committed is kept: make room or mend the disk, then start again`,
      );
    else console.error(error);
    process.exit(isOfDisk ? exitCodes.wrongUsageOrConfiguration : exitCodes.failedOrHeld);
  });
}

function reasonOf({ cause, message }: Error): string {
  return cause instanceof Error ? cause.message : message;
}
