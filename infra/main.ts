import { readEnvironment } from '../src/config/environment.ts';
import { createFeedApp } from './feed-app.ts';
import { SettingFaults } from './read-settings.ts';

const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = readEnvironment();
try {
  createFeedApp({ account, region }).synth();
} catch (error) {
  if (!(error instanceof SettingFaults)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
