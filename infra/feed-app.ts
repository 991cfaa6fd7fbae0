import { Annotations, App, type AppProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { featureFlags } from './feature-flags.ts';
import { readSettings } from './read-settings.ts';
import { UserChangeFeedStack } from './user-change-feed-stack.ts';

/** Where the stack goes. Without an account the template serves any. */
export type FeedAppTarget = { readonly account: string | undefined; readonly region: string | undefined };

const withoutCredentials =
  'no AWS credentials or no region: the template is for any account and cannot be deployed; put credentials and AWS_REGION into the environment, or name a profile with AWS_PROFILE';

/** The app of one feed, checked by cdk-nag when it is synthesised. @throws for settings with faults */
export function createFeedApp({ account, region }: FeedAppTarget, props: AppProps = {}): App {
  const app = new App({ ...props, context: { ...featureFlags, ...props.context } });
  const settings = readSettings({ context: app.node.getAllContext(), account, region });
  const isKnown = account !== undefined && region !== undefined;
  const stack = new UserChangeFeedStack(app, 'UserChangeFeed', {
    ...settings,
    ...(isKnown && { env: { account, region } }),
  });
  // The CDK says of it only that it cannot resolve the account, and after minutes.
  if (!isKnown) Annotations.of(stack).addWarningV2('user-change-feed:no-credentials', withoutCredentials);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}
