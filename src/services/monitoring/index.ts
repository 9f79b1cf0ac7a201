import type { Client } from 'discord.js';
import type { Account } from '../account/index.ts';
import type { Config } from '../config.ts';
import type { TokenWatch } from '../discord/token-watch.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Logger } from '../log.ts';
import { addGauges } from './gauges.ts';
import type { Metrics } from './metrics.ts';
import { createReadiness } from './readiness.ts';
import { serveMonitoring } from './server.ts';

export { observeDiscord } from './discord-answers.ts';
export { createMetrics } from './metrics.ts';

interface Monitored {
  readonly client: Client;
  readonly token: TokenWatch;
  readonly ledger: Ledger;
  readonly account: Account;
  readonly metrics: Metrics;
  /** Milliseconds since whenever, by a clock that nobody sets. */
  readonly elapsed: () => number;
  readonly log: Logger;
}

/** Opens HTTP_PORT if it is set. Throws a MonitoringError when the port can't be opened. */
export async function startMonitoring(
  http: Config['http'],
  { client, token, ledger, account, metrics: { registry }, elapsed, log }: Monitored,
): Promise<{ close(): void }> {
  if (!http) return { close: () => undefined };
  const problems = createReadiness({ client, token, ledger, log, elapsed });
  addGauges(registry, { ledger, account, problems });
  return serveMonitoring({ ...http, registry, problems, elapsed, log });
}
