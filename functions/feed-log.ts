import { Logger } from '@aws-lambda-powertools/logger';
import { describeFault } from './describe-fault.ts';

export type LogFacts = { readonly [name: string]: unknown };

/** Structured logs. What is logged is chosen fact by fact; no error, user or message of a queue is logged as a whole. */
export type FeedLog = {
  debug(what: string, facts: LogFacts): void;
  info(what: string, facts: LogFacts): void;
  warn(what: string, facts: LogFacts): void;
  fault(what: string, error: unknown, facts?: LogFacts): void;
};

export function createFeedLog(logLevel: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR'): FeedLog {
  const logger = new Logger({ logLevel });
  return {
    debug: (what, facts) => logger.debug(what, { ...facts }),
    info: (what, facts) => logger.info(what, { ...facts }),
    warn: (what, facts) => logger.warn(what, { ...facts }),
    fault: (what, error, facts) => logger.error(what, { ...facts, fault: describeFault(error) }),
  };
}
