import * as z from 'zod/mini';

/** The latest moment that EventBridge's clock and JavaScript's both know, in epoch seconds. */
const maxEpochSeconds = 8_640_000_000_000;

/** One entry of a `PutEvents` call, as it stands on the wire: `Time` is epoch seconds, with a fraction. */
const sentEntry = z.object({
  Source: z.optional(z.string()),
  DetailType: z.optional(z.string()),
  Detail: z.optional(z.string()),
  Resources: z.optional(z.array(z.string())),
  Time: z.optional(z.number().check(z.gte(0), z.lte(maxEpochSeconds))),
  EventBusName: z.optional(z.string()),
});
export type SentEntry = z.infer<typeof sentEntry>;

const putEventsBody = z.object({ Entries: z.array(sentEntry) });

/** The entries of a request; undefined where the body is not a `PutEvents` request. */
export function readEntries(body: unknown): readonly SentEntry[] | undefined {
  const parsed = putEventsBody.safeParse(body);
  return parsed.success ? parsed.data.Entries : undefined;
}

/** The bus an entry is for, named by name or ARN; `default` where it names none. */
export function busNameOf(nameOrArn: string | undefined): string {
  return nameOrArn?.replace(/^arn:.*:event-bus\//, '') ?? 'default';
}

/**
 * Bytes of an entry as the service counts them: 14 for the time if there is one, then source, detail type, detail and
 * each resource in UTF-8. Source: AWS EventBridge user guide, "Calculating PutEvents event entry size".
 */
export function entryBytes(entry: SentEntry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  const timeBytes = entry.Time === undefined ? 0 : 14;
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text ?? ''), timeBytes);
}
