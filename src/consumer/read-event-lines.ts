import type { SqsBatch } from './sqs-batch.ts';

/** Lines of an event file, as `ucf dev --events` writes them, in the shape in which Lambda delivers a queue's messages. */
export function readEventLines(text: string): SqsBatch {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return { Records: lines.map((body, at) => ({ messageId: `line-${at + 1}`, body })) };
}
