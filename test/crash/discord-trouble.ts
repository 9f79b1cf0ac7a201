import { setTimeout as delay } from 'node:timers/promises';
import type { Discord, RestFault } from '../../sandbox/discord/index.ts';
import { pick, type Random } from '../../sandbox/jimmyai/random.ts';
import type { Asked, Demand } from './demand.ts';
import type { Store } from './store.ts';

const EVERY_MS = 200;
/** The routes of replies; the start isn't disturbed. */
const REPLIES = /^\/(webhooks|interactions|channels)\//;

/**
 * Tokens live 15 minutes, so the bot has edited a reply repeatedly, and knows its message, before the token dies. A
 * token that died earlier would leave a reply that nothing can reach, through no fault of the bot.
 */
const EDITS_BEFORE_EXPIRY = 3;
const DEFERRALS = /^\/interactions\//;

// An edit delayed for longer than a restart would overwrite the reply of the next process.
const REST_FAULTS: readonly RestFault[] = [
  { status: 500, times: 2 },
  { status: 503, times: 6 },
  { status: 502, afterApplying: true },
  { status: 429, retryAfter: 0.5 },
  { status: 429, retryAfter: 0.5, retryAfterHeader: null },
  { status: 403, code: 40333, times: 3 },
  { status: 403, page: true, times: 2 },
  { drop: true },
  { drop: true, afterApplying: true, times: 2 },
  { delayMs: 400 },
  { delayMs: 1500, route: DEFERRALS },
];

/** Makes Discord fail at random, a few times a second, until stopped. */
export function startDiscordTrouble(options: {
  discord: Discord;
  demand: Demand;
  store: Pick<Store, 'knowsReply'>;
  random: Random;
}): { stop(): Promise<void> } {
  const { discord, demand, store, random } = options;
  const { faults } = discord;
  const stopping = new AbortController();
  const disarm = new Set<() => void>();

  const rest = () => void disarm.add(faults.rest({ route: REPLIES, ...pick(random, REST_FAULTS) }));
  const onOpen = (act: (asked: Asked) => unknown) => async () => {
    const open = demand
      .open()
      .filter(({ interaction, isPrivate }) => interaction.history.length > 0 && !isPrivate);
    if (open.length > 0) await act(pick(random, open));
  };
  const redeliver = onOpen(({ interaction }) => discord.interact.redeliver(interaction));
  const deleteReply = onOpen(({ interaction }) => {
    const message = interaction.message();
    // The bot can't tell a message that vanishes before it knows it from one that never existed.
    if (message && editsOf(discord, interaction.token) > 0) faults.deleteMessage(message);
  });
  const expireToken = onOpen(async ({ interaction }) => {
    if (editsOf(discord, interaction.token) < EDITS_BEFORE_EXPIRY) return;
    // While the database is away, only the process that dies next may know the message.
    if (await store.knowsReply(interaction.id)) faults.expireToken(interaction);
  });
  const loseWebhook = onOpen(async ({ interaction: { id, token } }) => {
    // Before there is a reply, the same answer would be correct.
    if (editsOf(discord, token) === 0 || !(await store.knowsReply(id))) return;
    const route = new RegExp(`^/webhooks/\\d+/${token}/`);
    disarm.add(faults.rest({ method: 'PATCH', route, status: 404, code: 10015, times: 2 }));
  });
  const gateway = [
    () => faults.dropGateway(),
    () => faults.dropGateway({ resumable: false }),
    () => faults.requestReconnect(),
    () => faults.invalidSession(true),
  ];
  const onReply = [redeliver, deleteReply, expireToken, loseWebhook];

  async function rounds(): Promise<void> {
    while (!stopping.signal.aborted) {
      const kind = random();
      if (kind < 0.4) rest();
      else if (kind < 0.7) await pick(random, onReply)();
      else if (kind < 0.75) pick(random, gateway)();
      await delay(EVERY_MS);
    }
  }
  const done = rounds();

  return {
    async stop() {
      stopping.abort();
      await done;
      for (const end of disarm) end();
    },
  };
}

function editsOf({ requests }: Discord, token: string): number {
  return requests.filter(
    ({ interactionToken, method, status }) =>
      interactionToken === token && method === 'PATCH' && status === 200,
  ).length;
}
