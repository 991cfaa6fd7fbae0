import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { featureFlags } from './feature-flags.ts';
import { readSettings } from './read-settings.ts';
import { UserChangeFeedStack } from './user-change-feed-stack.ts';

/** Where the stack goes. Without an account the template serves any. */
export type FeedAppTarget = { readonly account: string | undefined; readonly region: string | undefined };

/** The app of one feed, checked by cdk-nag when it is synthesised. @throws for settings with faults */
export function createFeedApp({ account, region }: FeedAppTarget, props: AppProps = {}): App {
  const app = new App({ ...props, context: { ...featureFlags, ...props.context } });
  const settings = readSettings({ context: app.node.getAllContext(), account, region });
  const isKnown = account !== undefined && region !== undefined;
  new UserChangeFeedStack(app, 'UserChangeFeed', { ...settings, ...(isKnown && { env: { account, region } }) });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}
