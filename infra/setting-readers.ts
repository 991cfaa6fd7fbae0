import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type FeedSettings, logLevels } from './settings.ts';

/** Reads a value of the CDK context, text of the command line or JSON of cdk.json; undefined if it is none of its kind. */
export type SettingReader<Value> = {
  readonly expected: string;
  read(value: unknown): Value | undefined;
};

/** As many as fit into the environment of a function (4 KB). */
const maxTenantBusBytes = 3_000;

/** How each setting is read. A setting that is missing here does not compile. */
export const settingReaders: { readonly [Key in keyof FeedSettings]-?: SettingReader<NonNullable<FeedSettings[Key]>> } =
  {
    stackName: text(/^[a-z][a-z0-9-]{0,39}$/, '1 to 40 lower-case letters, digits and hyphens, a letter first'),
    removal: oneOf(['retain', 'destroy']),
    archiveDays: wholeNumber(0, 3650, 'a number of days from 0 (no archive) to 3650'),
    logRetentionDays: retention(),
    logLevel: oneOf(logLevels),
    sweepConcurrency: wholeNumber(2, 1000, 'a whole number from 2 to 1000'),
    sweepMemoryMb: wholeNumber(256, 10_240, 'a number of megabytes from 256 to 10240'),
    secretsPrefix: text(/^[\w.-]+(\/[\w.-]+)*$/, 'a path without a slash at its ends, as in teams/user-change-feed'),
    busAccounts: accounts(),
    busOrganization: text(/^o-[a-z0-9]{10,32}$/, 'the id of an organization, as in o-a1b2c3d4e5'),
    tenantBuses: tenantBuses(),
    tableKeyArn: arn('kms', 'key/', 'the ARN of a KMS key'),
    busKeyArn: arn('kms', 'key/', 'the ARN of a KMS key'),
    secretsKeyArn: arn('kms', 'key/', 'the ARN of a KMS key'),
    alarmTopicArn: arn('sns', '', 'the ARN of an SNS topic'),
    alarmEmail: text(/^[^\s@]+@[^\s@]+$/, 'an e-mail address'),
    withoutSchemas: flag(),
    withoutMathAlarms: flag(),
    allowLoopbackVendors: flag(),
    allowPrivateVendors: flag(),
  };

function text(pattern: RegExp, expected: string): SettingReader<string> {
  return { expected, read: (value) => (typeof value === 'string' && pattern.test(value) ? value : undefined) };
}

function oneOf<Word extends string>(words: readonly Word[]): SettingReader<Word> {
  return { expected: words.join(' or '), read: (value) => words.find((word) => word === value) };
}

function wholeNumber(least: number, most: number, expected: string): SettingReader<number> {
  const read = (value: unknown) => {
    const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
    const isWithin = typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most;
    return isWithin ? number : undefined;
  };
  return { expected, read };
}

/** CloudWatch keeps logs for certain periods only. */
function retention(): SettingReader<number> {
  const periods = Object.values(RetentionDays).filter((days) => typeof days === 'number' && days < 9999);
  const { read } = wholeNumber(1, 9999, '');
  return {
    expected: `a number of days out of ${periods.join(', ')}`,
    read: (value) => periods.find((days) => days === read(value)) as number | undefined,
  };
}

function flag(): SettingReader<boolean> {
  const read = (value: unknown) => {
    if (value === true || value === 'true') return true;
    return value === false || value === 'false' ? false : undefined;
  };
  return { expected: 'true or false', read };
}

function arn(service: string, resource: string, expected: string): SettingReader<string> {
  return text(new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]+:\\d{12}:${resource}[\\w-]+$`), expected);
}

function accounts(): SettingReader<readonly string[]> {
  const read = (value: unknown) => {
    const listed = typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value;
    return isAccountList(listed) ? listed : undefined;
  };
  return { expected: 'account ids of 12 digits, separated by commas', read };
}

function isAccountList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((part) => typeof part === 'string' && /^\d{12}$/.test(part));
}

function tenantBuses(): SettingReader<FeedSettings['tenantBuses']> {
  const isTenant = (id: string) => /^[a-z0-9][a-z0-9-]{0,63}$/.test(id);
  const read = (value: unknown) => {
    const parsed = typeof value === 'string' ? parseJson(value) : value;
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
    const isValid = Object.entries(parsed).every(([id, list]) => isTenant(id) && isAccountList(list));
    if (!isValid || JSON.stringify(parsed).length > maxTenantBusBytes) return undefined;
    return parsed as FeedSettings['tenantBuses'];
  };
  const expected = `a JSON object of tenant ids and the accounts that may subscribe, below ${maxTenantBusBytes} bytes, as in {"acme":["111122223333"]}`;
  return { expected, read };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
