import { Counter, Histogram, Registry } from 'prom-client';
import type { Observer } from '../generations/serve.ts';
import type { Attempt } from '../jimmyai/client.ts';
import type { TaskState } from '../ledger/rows.ts';
import { makerOf } from '../request/billing.ts';
import { MODEL_IDS } from '../request/models.ts';
import { TOOL_BILLING } from '../request/tools.ts';

/** How the bot handled an interaction. */
export interface HandledInteraction {
  readonly kind: 'command' | 'menu' | 'button' | 'select' | 'modal';
  /** A command's name or a component's action; `unknown` for what this version doesn't have. */
  readonly name: string;
  readonly outcome: 'handled' | 'failed' | 'stopping';
}

/** Discord's answer to a request of the bot. */
export interface DiscordAnswer {
  readonly status: number;
  /** How often the same request had been sent before. */
  readonly retries: number;
}

/** Counts events for as long as the process lives. No label ever holds an id or a person's words. */
export interface Metrics extends Observer {
  readonly registry: Registry;
  interaction(handled: HandledInteraction): void;
  /** Discord accepted the first answer to an interaction this long after creating it. */
  acknowledged(afterMs: number): void;
  discordAnswered(answer: DiscordAnswer): void;
  serviceAnswered(attempt: Attempt): void;
}

const ENDS: readonly TaskState[] = [
  'delivered',
  'undeliverable',
  'failed',
  'expired',
  'cancelled',
  'refused',
  'unconfirmed',
];

/** `handlers` are the kinds and names of the interactions that can be handled. */
export function createMetrics(handlers: readonly Pick<HandledInteraction, 'kind' | 'name'>[]): Metrics {
  const registry = new Registry();
  const registers = [registry];

  const interactions = new Counter({
    name: 'imagine_interactions_total',
    help: 'Interactions received, by kind, name and outcome',
    labelNames: ['kind', 'name', 'outcome'],
    registers,
  });
  const acknowledgement = new Histogram({
    name: 'imagine_acknowledgement_seconds',
    help: "From Discord creating an interaction to its accepting the bot's first answer; its limit is 3 s",
    buckets: [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 5],
    registers,
  });
  const ended = new Counter({
    name: 'imagine_tasks_ended_total',
    help: 'Images requested of the service whose end is visible, by model and outcome',
    labelNames: ['model', 'outcome'],
    registers,
  });
  const atService = new Histogram({
    name: 'imagine_service_seconds',
    help: 'From the service accepting a task to its image being ready there',
    labelNames: ['model'],
    buckets: [2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 600, 1200, 1800],
    registers,
  });
  const unseen = new Histogram({
    name: 'imagine_unseen_seconds',
    help: 'From an image being ready at the service to the bot noticing it',
    buckets: [0.25, 0.5, 1, 1.5, 2, 3, 4, 5, 7.5, 10, 15, 30, 60, 300],
    registers,
  });
  const delivery = new Histogram({
    name: 'imagine_delivery_seconds',
    help: "From noticing that a reply's last image is ready to its being visible in Discord",
    buckets: [0.25, 0.5, 1, 1.5, 2, 3, 5, 7.5, 10, 15, 30, 60, 300],
    registers,
  });
  const serviceCalls = new Counter({
    name: 'imagine_service_calls_total',
    help: 'Calls to the image service, each try counted, by outcome',
    labelNames: ['call', 'outcome'],
    registers,
  });
  const serviceRetries = new Counter({
    name: 'imagine_service_retries_total',
    help: 'Calls to the image service that were retried at once',
    labelNames: ['call'],
    registers,
  });
  const discordRequests = new Counter({
    name: 'imagine_discord_requests_total',
    help: 'Requests to Discord, each try counted, by HTTP status',
    labelNames: ['status'],
    registers,
  });
  const discordRetries = new Counter({
    name: 'imagine_discord_retries_total',
    help: 'Requests to Discord that were sent again',
    registers,
  });

  // Prometheus misses the first event of a counter that only appears with it.
  const makers = [...MODEL_IDS, ...Object.keys(TOOL_BILLING)];
  for (const model of makers) for (const outcome of ENDS) ended.inc({ model, outcome }, 0);
  for (const handler of handlers) interactions.inc({ ...handler, outcome: 'failed' }, 0);
  // Discord bans an IP address that collects too many of these.
  for (const status of [401, 403, 429]) discordRequests.inc({ status }, 0);
  for (const call of ['create', 'tool', 'query'] as const) {
    serviceRetries.inc({ call }, 0);
    for (const outcome of ['ok', 'rate-limited', 'authentication', 'credit'] as const) {
      serviceCalls.inc({ call, outcome }, 0);
    }
  }

  return {
    registry,
    interaction: (handled) => interactions.inc({ ...handled }),
    acknowledged: (afterMs) => acknowledgement.observe(afterMs / 1000),
    discordAnswered({ status, retries }) {
      discordRequests.inc({ status });
      if (retries > 0) discordRetries.inc();
    },
    serviceAnswered({ call, outcome, isRetry }) {
      serviceCalls.inc({ call, outcome });
      if (isRetry) serviceRetries.inc({ call });
    },
    noticed(model, { tookMs, unseenMs }) {
      atService.observe({ model }, tookMs / 1000);
      unseen.observe(unseenMs / 1000);
    },
    settled({ request }, tasks, deliveryMs) {
      const model = makerOf(request);
      for (const { state } of tasks) ended.inc({ model, outcome: state });
      if (deliveryMs !== null) delivery.observe(deliveryMs / 1000);
    },
  };
}
