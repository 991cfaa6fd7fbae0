import { Construct } from 'constructs';
import { FeedBus } from './feed-bus.ts';
import type { FeedFunction } from './feed-function.ts';
import type { FeedSettings } from './settings.ts';

/** The feed's bus, and a bus of its own for each tenant that has one. */
export class FeedBuses extends Construct {
  readonly main: FeedBus;
  readonly environment: { readonly [name: string]: string };
  readonly #all: readonly FeedBus[];

  constructor(scope: Construct, id: string, settings: FeedSettings) {
    super(scope, id);
    const { stackName, busAccounts: accounts, busOrganization: organization, tenantBuses } = settings;
    this.main = new FeedBus(this, 'Feed', { ...settings, busName: stackName, accounts, organization });
    const tenants = Object.entries(tenantBuses).map(([tenantId, subscribers]) => {
      const busName = `${stackName}-${tenantId}`;
      const own = new FeedBus(this, `Tenant-${tenantId}`, { ...settings, busName, accounts: subscribers });
      return { tenantId, busName, own };
    });
    this.#all = [this.main, ...tenants.map(({ own }) => own)];
    this.environment = {
      BUS_NAME: this.main.bus.eventBusName,
      ...(tenants.length > 0 && {
        TENANT_BUSES: JSON.stringify(Object.fromEntries(tenants.map(({ tenantId, busName }) => [tenantId, busName]))),
      }),
    };
  }

  /** Lets a function publish, and look whether the buses are there: PutEvents to one that is not answers 200. */
  allow(grantee: FeedFunction): void {
    const arns = this.#all.map(({ bus }) => bus.eventBusArn);
    grantee.allow(['events:PutEvents', 'events:DescribeEventBus'], arns);
  }
}
