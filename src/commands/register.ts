import { setTimeout as delay } from 'node:timers/promises';
import type { ApplicationCommand, Client } from 'discord.js';
import type { Logger } from '../services/log.ts';
import type { Command, MessageMenu } from './command.ts';

type Payload = Command['payload'] | MessageMenu['payload'];

/** Where they couldn't be, or not yet, commands that Discord knows from before keep working. */
type Registration = 'registered' | 'registered already' | 'NOT registered yet';

export interface RegistrationOptions {
  readonly client: Client<true>;
  readonly payloads: readonly Payload[];
  /** The one server to register them in; null for everywhere. */
  readonly guildId: string | null;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Between two tries; the last one goes on. */
  readonly pausesMs?: readonly number[];
  /** How long the first try may keep the caller. */
  readonly firstWithinMs?: number;
}

const PAUSES_MS = [10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000];
const FIRST_WITHIN_MS = 10_000;

/**
 * Makes Discord's list of commands the same as ours, everywhere or in one server. Writes only where something
 * differs. What fails is said once, with the way out, and tried again until it works or the signal aborts. Resolves with
 * what the first try came to.
 */
export async function keepRegistered(options: RegistrationOptions): Promise<Registration> {
  const { firstWithinMs = FIRST_WITHIN_MS, signal } = options;
  const first = Promise.withResolvers<Registration>();
  // A request that Discord holds back may take an hour.
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

/** Where and by whom a command may be installed is a matter of global commands only. */
function forGuild({ integration_types: _, contexts: __, ...payload }: Payload): Payload {
  return payload;
}

/** What a payload leaves to Discord's defaults can't differ. */
function isSame(command: ApplicationCommand, payload: Payload): boolean {
  const declared = {
    ...payload,
    integration_types: payload.integration_types ?? command.integrationTypes ?? [],
    contexts: payload.contexts ?? command.contexts ?? [],
  };
  return command.equals(declared as Parameters<ApplicationCommand['equals']>[0], true);
}
