import type { EmulatedAws } from './emulated-aws.ts';

type LogPage = { readonly events?: readonly { readonly message: string }[]; readonly nextToken?: string };

/** Everything that a deployed function has logged. Its log group is made when the stack is, and empty until then. */
export async function readLogs({ endpoint }: EmulatedAws, functionName: string): Promise<readonly string[]> {
  const lines: string[] = [];
  let nextToken: string | undefined;
  do {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'Logs_20140328.FilterLogEvents',
      },
      body: JSON.stringify({ logGroupName: `/aws/lambda/${functionName}`, nextToken }),
    });
    const page = (await response.json()) as LogPage;
    if (!response.ok) throw new Error(`the logs of ${functionName} cannot be read: ${JSON.stringify(page)}`);
    lines.push(...(page.events ?? []).map(({ message }) => message));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return lines;
}
