import { setTimeout as delay } from 'node:timers/promises';
import type { ApplicationCommand, Client } from 'discord.js';
import type { Logger } from '../services/log.ts';
import type { Command, MessageMenu } from './command.ts';

type Payload = Command['payload'] | MessageMenu['payload'];

/** Until the commands are registered, those that Discord knows from before keep working. */
type Registration = 'registered' | 'registered already' | 'NOT registered yet';

export interface RegistrationOptions {
  readonly client: Client<true>;
  readonly payloads: readonly Payload[];
  /** The only server to register them in; null for everywhere. */
  readonly guildId: string | null;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** The pauses between tries; the last one repeats. */
  readonly pausesMs?: readonly number[];
  /** How long the caller waits for the first try. */
  readonly firstWithinMs?: number;
}

const PAUSES_MS = [10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000];
const FIRST_WITHIN_MS = 10_000;

/**
 * Makes Discord's list of commands the same as the bot's, everywhere or in one server. Writes only if something
 * differs. Logs a failure once, with the way out, and retries until it works or the signal aborts. Resolves with the
 * outcome of the first try.
 */
export async function keepRegistered(options: RegistrationOptions): Promise<Registration> {
  const { firstWithinMs = FIRST_WITHIN_MS, signal } = options;
  const first = Promise.withResolvers<Registration>();
  // A rate limit may hold the request back for an hour.
  const late = delay(firstWithinMs, 'NOT registered yet' as const, { signal, ref: false });
  void tryUntilRegistered(options, first.resolve);
  return await Promise.race([first.promise, late.catch(() => 'NOT registered yet' as const)]);
}

async function tryUntilRegistered(
  { client, payloads, guildId, log, signal, pausesMs = PAUSES_MS }: RegistrationOptions,
  firstTry: (result: Registration) => void,
): Promise<void> {
  const hint = guildId ? `; is the bot a member of the server DISCORD_GUILD_ID=${guildId}?` : '';
  for (let tries = 0; !signal.aborted; tries++) {
    try {
      const hasWritten = await writeWhereDifferent(client, payloads, guildId);
      if (tries > 0) log.info('the commands are registered now');
      return firstTry(hasWritten ? 'registered' : 'registered already');
    } catch (err) {
      if (signal.aborted) return;
      const level = tries === 0 ? 'error' : 'debug';
      log[level]({ err }, `the commands could not be registered, and the bot goes on trying${hint}`);
      firstTry('NOT registered yet');
    }
    const pauseMs = pausesMs[Math.min(tries, pausesMs.length - 1)] ?? 0;
    await delay(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

async function writeWhereDifferent(
  client: Client<true>,
  payloads: readonly Payload[],
  guildId: string | null,
): Promise<boolean> {
  const manager = client.application.commands;
  const declared = payloads.map((payload) => (guildId ? forGuild(payload) : payload));
  const existing = await manager.fetch({ ...(guildId && { guildId }), withLocalizations: true });
  const same =
    existing.size === declared.length &&
    declared.every((payload) => existing.some((command) => isSame(command, payload)));
  if (same) return false;
  if (guildId) await manager.set(declared, guildId);
  else await manager.set(declared);
  return true;
}

/** Commands of one server don't have fields about where they may be installed. */
function forGuild({ integration_types: _, contexts: __, ...payload }: Payload): Payload {
  return payload;
}

/** Compares only the fields that the payload sets; Discord fills in the others. */
function isSame(command: ApplicationCommand, payload: Payload): boolean {
  const declared = {
    ...payload,
    integration_types: payload.integration_types ?? command.integrationTypes ?? [],
    contexts: payload.contexts ?? command.contexts ?? [],
  };
  return command.equals(declared as Parameters<ApplicationCommand['equals']>[0], true);
}
