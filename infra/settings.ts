/** What an adopter can set, with `cdk deploy -c <key>=<value>` or under "context" in cdk.json. */
export type FeedSettings = {
  /** Name of the stack, and the beginning of every name in it. @default user-change-feed */
  readonly stackName: string;
  /**
   * What becomes of the table, and of failed batches, when the stack is deleted. `retain` also protects the stack and
   * the table from being deleted by mistake. @default retain
   */
  readonly removal: 'retain' | 'destroy';
  /** How long published events can be replayed from the archive; 0 for no archive. @default 30 */
  readonly archiveDays: number;
  /** How long functions' logs are kept: one of CloudWatch's periods. @default 30 */
  readonly logRetentionDays: number;
  /** The least that functions log. @default INFO */
  readonly logLevel: LogLevel;
  /** How many connections are swept at the same time. @default 20 */
  readonly sweepConcurrency: number;
  /** Memory of the sweep function; a directory of a million users needs 512. @default 512 */
  readonly sweepMemoryMb: number;
  /** Credentials lie in SSM parameters below `/<prefix>/` or in secrets below `<prefix>/`. @default the stack's name */
  readonly secretsPrefix: string;
  /** Accounts that may subscribe to the bus with rules of their own. @default none besides the stack's */
  readonly busAccounts: readonly string[];
  /** The AWS organization whose accounts may subscribe to the bus. @default none */
  readonly busOrganization?: string;
  /** Tenants whose events go to a bus of their own, each with the accounts that may subscribe to it. @default none */
  readonly tenantBuses: { readonly [tenantId: string]: readonly string[] };
  /** Key of one's own for the table. Its policy must let the account use it. @default the key DynamoDB keeps */
  readonly tableKeyArn?: string;
  /** Key of one's own for buses and archives. Its policy must let EventBridge use it. @default EventBridge's own */
  readonly busKeyArn?: string;
  /** Key of one's own that the secrets were encrypted with. @default the keys SSM and Secrets Manager keep */
  readonly secretsKeyArn?: string;
  /** Topic that alarms are sent to. @default none: alarms only show on the dashboard */
  readonly alarmTopicArn?: string;
  /** Address that alarms are sent to, by a topic of the stack's own. Excludes `alarmTopicArn`. @default none */
  readonly alarmEmail?: string;
  /** For emulators that lack the schema registry. @default false */
  readonly withoutSchemas: boolean;
  /** For emulators that lack alarms over several metrics: leaves these alarms out. @default false */
  readonly withoutMathAlarms: boolean;
  /** For tests on an emulator: vendors may be reached by plain http on loopback. Refused for a real account. @default false */
  readonly allowLoopbackVendors: boolean;
  /** Vendors may have private addresses: for a sweep function in a VPC, beside self-hosted vendors. @default false */
  readonly allowPrivateVendors: boolean;
};

export const logLevels = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
export type LogLevel = (typeof logLevels)[number];

export const defaultSettings: FeedSettings = {
  stackName: 'user-change-feed',
  removal: 'retain',
  archiveDays: 30,
  logRetentionDays: 30,
  logLevel: 'INFO',
  sweepConcurrency: 20,
  sweepMemoryMb: 512,
  secretsPrefix: 'user-change-feed',
  busAccounts: [],
  tenantBuses: {},
  withoutSchemas: false,
  withoutMathAlarms: false,
  allowLoopbackVendors: false,
  allowPrivateVendors: false,
};

/** The account that emulators of AWS answer for. No real account has this number. */
export const emulatedAccount = '000000000000';
