import type { RepliableInteraction } from 'discord.js';
import type { Draft } from '../services/ledger/drafts.ts';
import { costOf, unitOf } from '../services/request/costs.ts';
import { limitsFor, type RequestLimits } from '../services/request/limits.ts';
import { type Asker, findPlaceRefusal, ownLimits } from '../services/request/server-rules.ts';
import type { CommandContext } from './command.ts';
import { mayAttachFiles } from './place.ts';

/** Why nothing can be asked for here by this person, whatever it is, in words for them; null where it can. */
export async function refusalHere(
  interaction: RepliableInteraction,
  { ledger, account, text, log }: CommandContext,
): Promise<string | null> {
  if (!mayAttachFiles(interaction)) return text.mayNotAttach;
  const rules = await ledger.serverRules.of(interaction.guildId);
  const refusal = findPlaceRefusal(rules, askerOf(interaction));
  if (refusal) {
    log.info({ refusal: refusal.kind }, 'the rules of the server refuse it');
    return text.refusal(refusal);
  }
  const trouble = account.refusal();
  return trouble && text.accountTrouble[trouble];
}

/**
 * Why such a request can't be made now by this person, by what they have asked for before; null where it can. To be
 * asked before any work is done for it: nothing is charged yet, and the reservation decides.
 */
export async function limitRefusal(
  interaction: RepliableInteraction,
  { request, references }: Pick<Draft, 'request' | 'references'>,
  context: CommandContext,
): Promise<string | null> {
  const { worker, costs, text, log } = context;
  const { user, guildId } = interaction;
  const inVain = refusalInVain(interaction, { references }, context);
  if (inVain !== null) return inVain;
  const limits = await limitsHere(interaction, context);
  const cost = costOf(request, costs);
  const refusal = await worker.refusalOf({ userId: user.id, guildId, limits, count: request.count, cost });
  if (!refusal) return null;
  log.info(refusal, 'a limit is in the way');
  return text.limit(refusal, unitOf(costs));
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
