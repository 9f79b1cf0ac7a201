import type { RepliableInteraction } from 'discord.js';
import type { Draft } from '../services/ledger/drafts.ts';
import { ROUNDING } from '../services/ledger/spent.ts';
import { chargeFor } from '../services/request/costs.ts';
import { type LimitRefusal, limitsFor, type RequestLimits } from '../services/request/limits.ts';
import { type Asker, findPlaceRefusal, ownLimits } from '../services/request/server-rules.ts';
import type { CommandContext } from './command.ts';
import type { Refusal } from './confirmation.view.ts';
import { mayAttachFiles } from './place.ts';

/** Why nothing can be asked for here by this person, whatever it is; null where it can. */
export async function refusalHere(
  interaction: RepliableInteraction,
  { ledger, account, text, log }: CommandContext,
): Promise<Refusal | null> {
  if (!mayAttachFiles(interaction)) return { words: text.mayNotAttach, showsPrompt: true };
  const rules = await ledger.serverRules.of(interaction.guildId);
  const refusal = findPlaceRefusal(rules, askerOf(interaction));
  if (refusal) {
    log.info({ refusal: refusal.kind }, 'the rules of the server refuse it');
    return { words: text.refusal(refusal), showsPrompt: refusal.kind === 'channel' };
  }
  const trouble = account.refusal();
  return trouble && { words: text.accountTrouble[trouble] };
}

/**
 * Why such a request can't be made now by this person, by what they have asked for before; null where it can. To be
 * asked before any work is done for it: nothing is charged yet, and the reservation decides.
 */
export async function limitRefusal(
  interaction: RepliableInteraction,
  { request, references }: Pick<Draft, 'request' | 'references'>,
  context: CommandContext,
): Promise<Refusal | null> {
  const { worker, log } = context;
  const { user, guildId } = interaction;
  const inVain = refusalInVain(interaction, { references }, context);
  if (inVain !== null) return { words: inVain };
  const limits = await limitsHere(interaction, context);
  const cost = await chargeHere({ request, references }, context);
  const refusal = await worker.refusalOf({ userId: user.id, guildId, limits, count: request.count, cost });
  if (!refusal) return null;
  log.info(refusal, 'a limit is in the way');
  return limitWords(refusal, request, context);
}

/** What a person is told about a limit. Where it never lets them have as many images, they are offered fewer. */
export function limitWords(
  refusal: LimitRefusal,
  { count }: Draft['request'],
  { limits, text }: Pick<CommandContext, 'limits' | 'text'>,
): Refusal {
  const words = text.limit(refusal, limits.unit);
  const images = mostWithin(refusal, count);
  if (images === null) return { words };
  return { words, instead: images > 0 ? { label: text.button.make(images), images } : null };
}

/** What one image of the request is charged with until the service bills it, in coins. */
export async function chargeHere(
  { request, references }: Pick<Draft, 'request' | 'references'>,
  { prices, limits }: CommandContext,
): Promise<number> {
  return chargeFor(await prices.estimate(request, references.length), limits.unit);
}

/** The most images that the limit lets through; null where it only takes waiting. */
function mostWithin(refusal: LimitRefusal, count: number): number | null {
  if (refusal.kind === 'too-many-at-once') return refusal.limit;
  if (refusal.kind === 'waiting' || refusal.freeAt !== null) return null;
  return Math.floor(refusal.limit / (refusal.wanted / count) + ROUNDING);
}

/** Why a person who has asked for much of which nothing came, and nothing was charged, has to wait; null where they don't. */
export function refusalInVain(
  { user }: RepliableInteraction,
  { references }: Pick<Draft, 'references'>,
  { refusedRequests, unchargedRequests, text }: CommandContext,
): string | null {
  const freeAt = unchargedRequests.freeAt(user.id);
  if (freeAt !== null) return text.tooManyUncharged(freeAt);
  const withReferencesAt = references.length > 0 ? refusedRequests.freeAt(user.id) : null;
  return withReferencesAt === null ? null : text.tooManyRefused(withReferencesAt);
}

/** Every limit that applies to what this person asks for here. */
export async function limitsHere(
  interaction: RepliableInteraction,
  { ledger, limits }: CommandContext,
): Promise<RequestLimits> {
  const { guildId } = interaction;
  const rules = await ledger.serverRules.of(guildId);
  return limitsFor(limits, { guildId, own: ownLimits(rules, askerOf(interaction)) });
}

/** Who asks, and where, as far as a server's rules go by it. */
function askerOf(interaction: RepliableInteraction): Asker {
  const { channel, channelId } = interaction;
  return {
    roleIds: roleIdsOf(interaction),
    channelId,
    parentId: channel?.isThread() ? channel.parentId : null,
  };
}

function roleIdsOf({ guildId, member }: RepliableInteraction): string[] {
  if (guildId === null || !member) return [];
  const ids = Array.isArray(member.roles) ? member.roles : [...member.roles.cache.keys()];
  return [guildId, ...ids];
}
