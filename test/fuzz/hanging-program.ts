import { writeFileSync } from 'node:fs';
import type { FuzzMessage } from './fuzz-messages.ts';

/** In place of the program that tries inputs: leaves word of one, and never comes back from it. */
writeFileSync(process.argv[5] ?? '', '{"never":"ends"}');
process.send?.({ kind: 'progress', inputs: 1, accepted: 0 } satisfies FuzzMessage);
for (;;);
