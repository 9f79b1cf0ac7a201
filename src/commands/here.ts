import type { RepliableInteraction } from 'discord.js';
import type { Draft } from '../services/ledger/drafts.ts';
import { countReferences } from '../services/ledger/rows.ts';
import { ROUNDING } from '../services/ledger/spent.ts';
import { chargeFor } from '../services/request/costs.ts';
import { type LimitRefusal, limitsFor, type RequestLimits } from '../services/request/limits.ts';
import { type Asker, findPlaceRefusal, ownLimits } from '../services/request/server-rules.ts';
import type { CommandContext } from './command.ts';
import type { Refusal } from './confirmation.view.ts';
import { mayAttachFiles } from './place.ts';

/** Why this person can ask for nothing at all here; null when they can. */
export async function refusalHere(
  interaction: RepliableInteraction,
  { rules, account, text, log }: CommandContext,
): Promise<Refusal | null> {
  if (!mayAttachFiles(interaction)) return { words: text.mayNotAttach, showsPrompt: true };
  const refusal = findPlaceRefusal(await rules(), askerOf(interaction));
  if (refusal) {
    log.info({ refusal: refusal.kind }, 'the rules of the server refuse it');
    return { words: text.refusal(refusal), showsPrompt: refusal.kind === 'channel' };
  }
  const trouble = account.refusal();
  return trouble && { words: text.accountTrouble[trouble] };
}

/**
 * Why a limit refuses such a request of this person now; null when none does. Checked before any work is done for the
 * request. The reservation checks again when it charges.
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

/** The words about a limit. If the limit never allows that many images, the person is offered fewer. */
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

/** The charge for one image of the request until the service bills it, in coins. */
export async function chargeHere(
  { request, references }: Pick<Draft, 'request' | 'references'>,
  { prices, limits }: CommandContext,
): Promise<number> {
  return chargeFor(await prices.estimate(request, countReferences(references)), limits.unit, request);
}

/** The most images that the limit allows; null when the person only has to wait. */
function mostWithin(refusal: LimitRefusal, count: number): number | null {
  if (refusal.kind === 'too-many-at-once') return refusal.limit;
  if (refusal.kind === 'waiting' || refusal.freeAt !== null) return null;
  return Math.floor(refusal.limit / (refusal.wanted / count) + ROUNDING);
}

/** Why a person with many fruitless and uncharged requests has to wait; null when they don't. */
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

/** Every limit that applies to this person's requests here. */
export async function limitsHere(
  interaction: RepliableInteraction,
  { rules, limits }: CommandContext,
): Promise<RequestLimits> {
  const { guildId } = interaction;
  return limitsFor(limits, { guildId, own: ownLimits(await rules(), askerOf(interaction)) });
}

/** The person and the place, in the terms of a server's rules. */
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
