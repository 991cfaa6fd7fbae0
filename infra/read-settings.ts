import { RegionInfo } from 'aws-cdk-lib/region-info';
import { settingReaders } from './setting-readers.ts';
import { defaultSettings, emulatedAccount, type FeedSettings } from './settings.ts';

export type SettingSources = {
  /** Everything of the CDK context: settings, and keys of the CDK's own with a colon or an @ in them. */
  readonly context: { readonly [key: string]: unknown };
  readonly account: string | undefined;
  readonly region: string | undefined;
};

/** Settings that cannot be deployed, all at once: for people, without a stack trace. */
export class SettingFaults extends Error {}

/**
 * The settings of a deployment, with defaults for what is left out.
 * @throws an error that lists every fault: the key, what was found, what to write instead
 */
export function readSettings({ context, account, region }: SettingSources): FeedSettings {
  const given = Object.entries(context).filter(([key]) => !isKeyOfCdk(key));
  const read = given.map(([key, value]) => [key, Object.hasOwn(settingReaders, key) ? readOne(key, value) : undefined]);
  const faults = given.flatMap(([key, value]) => faultsOf(key, value));
  const settings: FeedSettings = { ...defaultSettings, ...Object.fromEntries(read) };
  const secretsPrefix = 'secretsPrefix' in context ? settings.secretsPrefix : settings.stackName;
  const all = [...faults, ...regionFaults(region), ...clashesOf(settings, account)];
  if (all.length > 0)
    throw new SettingFaults(`the deployment's settings have faults:\n${all.map((one) => `  ${one}`).join('\n')}`);
  return { ...settings, secretsPrefix };
}

function isKeyOfCdk(key: string): boolean {
  return /[:@]/.test(key) || key === 'availability-zones' || key === 'acknowledged-issue-numbers';
}

function readOne(key: string, value: unknown): unknown {
  return settingReaders[key as keyof FeedSettings].read(value);
}

function faultsOf(key: string, value: unknown): readonly string[] {
  if (!Object.hasOwn(settingReaders, key)) {
    return [`${key}: there is no such setting; write one of ${Object.keys(settingReaders).join(', ')}`];
  }
  if (readOne(key, value) !== undefined) return [];
  return [`${key}: found ${JSON.stringify(value)}; write ${settingReaders[key as keyof FeedSettings].expected}`];
}

/** A region that does not exist is noticed here and not after half an hour of timeouts. */
function regionFaults(region: string | undefined): readonly string[] {
  if (region === undefined || RegionInfo.regions.some(({ name }) => name === region)) return [];
  return [`AWS_REGION: found "${region}", which is no region this CDK knows; write one as in eu-central-1`];
}

function clashesOf(settings: FeedSettings, account: string | undefined): readonly string[] {
  const faults: string[] = [];
  if (settings.alarmEmail !== undefined && settings.alarmTopicArn !== undefined) {
    faults.push('alarmEmail: alarmTopicArn is set as well; keep one, and subscribe the address to that topic');
  }
  if (settings.allowLoopbackVendors && account !== emulatedAccount) {
    faults.push(loopbackRefusal(account));
  }
  return faults;
}

/** Why plain http is refused: anybody on the way could read credentials and users. */
export function loopbackRefusal(account: string | undefined): string {
  const found = account === undefined ? 'an unknown account' : `account ${account}`;
  return `allowLoopbackVendors: found true for ${found}; leave it out: it is for emulators, which are account ${emulatedAccount}`;
}
