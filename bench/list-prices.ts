/**
 * Dollars in us-east-1, without free tiers, as of November 2026. Source: the services' pricing pages; where the price of
 * DynamoDB and Lambda differs between regions, this is the cheapest.
 */
export const listPrices = {
  readUnit: 0.125e-6,
  writeUnit: 0.625e-6,
  tableGigabyteMonth: 0.25,
  busEvent: 1e-6,
  archiveGigabyte: 0.1,
  archiveGigabyteMonth: 0.023,
  queueRequest: 0.4e-6,
  invocation: 0.2e-6,
  gigabyteSecond: 0.0000133334,
  logGigabyte: 0.5,
  logGigabyteMonth: 0.03,
  trace: 5e-6,
  metricMonth: 0.3,
  alarmMetricMonth: 0.1,
} as const;
