import type { HttpHandlerOptions, HttpRequest } from '@smithy/types';
import { AwsFault } from '../aws-fault.ts';
import type { Scheduler } from '../scheduler.ts';

/** Carries out an operation of a service. @throws AwsFault */
export type AwsService = (operation: string, input: never) => object;

/** A request handler for the SDK's clients: calls go to services in this process, when the scheduler says so. */
export function createAwsHandler(
  scheduler: Pick<Scheduler, 'call'>,
  services: { readonly [name: string]: AwsService },
) {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    destroy() {},
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    async handle(request: HttpRequest, _options?: HttpHandlerOptions) {
      const [target = '', operation = ''] = String(request.headers['x-amz-target']).split('.');
      const service = target.replace(/_.*/, '');
      const run = services[service];
      if (run === undefined) throw new Error(`${target} is not simulated`);
      const input = JSON.parse(textOf(request.body)) as Described;
      const sortKey = (input.Item ?? input.Key)?.sk?.S ?? '';
      const label = () => `${operation} ${describe(input)}`;
      try {
        const body = await scheduler.call({ service, operation, sortKey, label }, () => run(operation, input as never));
        return { response: respond(200, body) };
      } catch (error) {
        if (!(error instanceof AwsFault)) throw error;
        return { response: respond(400, { __type: error.name, message: error.message }) };
      }
    },
  };
}

function textOf(body: unknown): string {
  if (!(body instanceof Uint8Array)) return String(body);
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
}

function respond(statusCode: number, body: object) {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': 'simulated' };
  return { statusCode, headers, body: Buffer.from(JSON.stringify(body)) };
}

type Described = {
  readonly Key?: { readonly pk?: { readonly S?: string }; readonly sk?: { readonly S?: string } };
  readonly Item?: Described['Key'];
  readonly ExpressionAttributeValues?: { readonly [name: string]: object };
  readonly Entries?: readonly unknown[];
  readonly RequestItems?: { readonly [table: string]: object };
  readonly Name?: string;
};

/** What a call is about, in a few words. */
function describe({ Key, Item, ExpressionAttributeValues: values, Entries, RequestItems, Name }: Described): string {
  const key = Key ?? Item;
  if (key !== undefined) return `${key.pk?.S} ${key.sk?.S}`;
  if (Entries !== undefined) return `${Entries.length} entries`;
  if (RequestItems !== undefined) return `${JSON.stringify(Object.values(RequestItems)[0]).length} characters`;
  return values === undefined ? (Name ?? '') : JSON.stringify(values);
}
