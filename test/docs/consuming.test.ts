import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccessReview } from '../../examples/access-review-csv/stack.ts';
import { DeprovisionLeavers } from '../../examples/deprovision-leavers/stack.ts';
import { NotifyWebhook } from '../../examples/notify-webhook/stack.ts';
import { PrintEvents } from '../../examples/print-events/stack.ts';
import { UsersInPostgres } from '../../examples/sync-to-postgres/stack.ts';

const root = join(import.meta.dirname, '../..');
const busArn = 'arn:aws:events:eu-central-1:123456789012:event-bus/user-change-feed';

let before: string | undefined;
beforeAll(() => {
  before = process.env.CDK_VALIDATION;
  process.env.CDK_VALIDATION = 'false';
});
afterAll(() => {
  process.env.CDK_VALIDATION = before;
});

describe('docs/consuming.md', () => {
  it('begins with the example that prints events, as an installed package has it', () => {
    const page = readFileSync(join(root, 'docs/consuming.md'), 'utf8');
    const blocks = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, block]) => block);
    const files = ['print-event.ts', 'local.ts', 'lambda.ts'];
    const texts = files.map((name) => readFileSync(join(root, 'examples/print-events', name), 'utf8'));

    expect(blocks.slice(0, 3)).toStrictEqual(
      texts.map((text) => text.replace('../../src/events/public.ts', 'user-change-feed/events')),
    );
  });
});

describe.each([
  ['print-events', (app: App) => new PrintEvents(app, 'S', { busArn })],
  ['deprovision-leavers', (app: App) => new DeprovisionLeavers(app, 'S', { busArn, revokeUrl: 'https://a.example' })],
  ['sync-to-postgres', (app: App) => new UsersInPostgres(app, 'S', { busArn, databaseUrl: 'postgresql://db.example' })],
  ['notify-webhook', (app: App) => new NotifyWebhook(app, 'S', { busArn, webhookUrl: 'https://a.example' })],
  ['access-review-csv', (app: App) => new AccessReview(app, 'S', { busArn })],
])('the stack of %s', (_, create) => {
  it('subscribes to the bus of the feed, with a function behind the queue', () => {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
    const template = Template.fromStack(create(app) as Stack);

    template.hasResourceProperties('AWS::Events::Rule', { EventBusName: busArn });
    template.resourceCountIs('AWS::SQS::Queue', 2);
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });
});
