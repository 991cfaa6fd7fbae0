import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

type Client = Pick<DynamoDBClient, 'middlewareStack'>;

/**
 * Asks once more where a connection that was kept open has been closed meanwhile: an emulator in this process gives up
 * idle ones after seconds, which a long computation takes. The clients of the tests try once only.
 */
export function askAgain(client: object): void {
  (client as Client).middlewareStack.add(
    (next) => (args) =>
      next(args).catch((error: unknown) => {
        if ((error as { readonly code?: unknown }).code !== 'ECONNRESET') throw error;
        return next(args);
      }),
    { step: 'build', name: 'askAgain', priority: 'low' },
  );
}
