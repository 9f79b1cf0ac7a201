import { Locale, MessageFlags, type RepliableInteraction } from 'discord.js';
import { isAcknowledgedAlready } from '../services/discord/errors.ts';
import { keepDraftReferences } from '../services/images/draft-references.ts';
import type { Draft } from '../services/ledger/drafts.ts';
import { countReferences } from '../services/ledger/rows.ts';
import { findToolProblem } from '../services/request/server-rules.ts';
import { isTextTool } from '../services/request/tools.ts';
import { findObstacle, waysOut } from '../services/request/ways-out.ts';
import { tell } from './access.ts';
import type { CommandContext } from './command.ts';
import { type Refusal, renderConfirmation } from './confirmation.view.ts';
import { chargeHere, limitRefusal, limitsHere, limitWords, refusalHere, refusalInVain } from './here.ts';
import type { Kept } from './kept.ts';
import { notWritten } from './not-written.ts';
import { replyAddress } from './place.ts';
import { renderProblem } from './problem.view.ts';
import { refuse, saveDraft } from './refuse.ts';

/**
 * Handles a request from any source: refuses it at once if it can't work, asks first if it would make many images, and
 * otherwise passes it to the worker. A kept draft may be days old, so the rules are checked again.
 */
export async function requestImages(
  interaction: RepliableInteraction,
  draft: Draft,
  context: CommandContext,
  kept: Kept | null = null,
): Promise<void> {
  const { text, confirmAbove } = context;
  const refusal = await refusalHere(interaction, context);
  if (refusal !== null) return refuse(interaction, draft, refusal, context, kept);
  const toolProblem = await toolProblemHere(draft, context);
  if (toolProblem !== null) return refuse(interaction, draft, toolProblem, context, kept);
  const obstacle = await obstacleHere(draft, context);
  const isAgreed = kept?.isAgreed || draft.request.count <= confirmAbove || isTextTool(draft.request.tool);
  if (!obstacle && isAgreed) return beginGeneration(interaction, draft, context, kept);
  // A question prepares references, which would be wasted if a limit refuses the request.
  const limit = await limitRefusal(interaction, draft, context);
  if (limit !== null) return refuse(interaction, draft, limit, context, kept);
  if (!obstacle) return ask(interaction, draft, context);
  const view = (draftId: string) => renderProblem(draftId, obstacle, text);
  const { problem } = obstacle;
  return refuse(interaction, draft, { words: text.problem(problem), instead: null, view }, context, kept);
}

/** Asks before many images are made, in the message that becomes their reply. */
async function ask(interaction: RepliableInteraction, draft: Draft, context: CommandContext): Promise<void> {
  const saved = await saveDraft(interaction, draft, context);
  if (saved.id === null) return tell(interaction, saved.words);
  context.log.info({ draft: saved.id, count: draft.request.count }, 'the person is asked first');
  const by = interaction.isChatInputCommand() || draft.private ? null : interaction.user.id;
  const price = await context.prices.estimate(draft.request, countReferences(draft.references));
  const question = renderConfirmation(saved.id, draft, price, by, context.text, context.tools);
  await interaction.reply({ ...question, ...(draft.private && { flags: MessageFlags.Ephemeral }) });
  await keepDraftReferences(saved.id, interaction.user.id, draft, context);
}

/** Why a tool can't be used here now. No other option would help. */
async function toolProblemHere(
  { request: { tool } }: Draft,
  { rules, tools, text }: CommandContext,
): Promise<Refusal | null> {
  const problem = tool && findToolProblem(await rules(), tool.name, tools);
  if (!problem) return null;
  const words = text.problem(problem);
  return { words, view: () => ({ content: words, embeds: [], components: [] }) };
}

/** Why a request can't be made here, and the changes that would help. */
async function obstacleHere({ request, references }: Draft, { rules, models, maskModels }: CommandContext) {
  if (request.tool) return null;
  const count = countReferences(references);
  const masked = references.some(({ isMask }) => isMask);
  const allowed = { rules: await rules(), models, maskModels: masked ? maskModels : null };
  const problem = findObstacle(request, count, allowed);
  return problem && { problem, ways: waysOut(request, count, allowed) };
}

/** Passes a request to the worker, which defers the reply once the request is on disk, and owns it from then on. */
async function beginGeneration(
  interaction: RepliableInteraction,
  draft: Draft,
  context: CommandContext,
  kept: Kept | null,
): Promise<void> {
  const { account, worker, cameInAt, text, log } = context;
  const trouble = account.refusal();
  if (trouble) return refuse(interaction, draft, { words: text.accountTrouble[trouble] }, context, kept);
  const inVain = refusalInVain(interaction, draft, context);
  if (inVain !== null) return refuse(interaction, draft, { words: inVain }, context, kept);
  const message = kept?.message ?? null;
  const defer = kept?.defer ?? (() => deferReply(interaction, draft.private));
  const reservation = {
    ...replyAddress(interaction, draft.private, message),
    ...draft,
    interactionId: interaction.id,
    userId: interaction.user.id,
    // The row needs a locale, but not every interaction has one.
    locale: interaction.locale ?? Locale.EnglishUS,
    message: message && { id: message.id, channelId: message.channelId },
    draftId: kept?.draftId ?? null,
    limits: await limitsHere(interaction, context),
    cost: await chargeHere(draft, context),
  };
  let begun: Awaited<ReturnType<CommandContext['worker']['begin']>>;
  try {
    begun = await worker.begin(
      reservation,
      async () => {
        await defer();
      },
      cameInAt,
    );
  } catch (err) {
    return tell(interaction, notWritten(context.ledgerTrouble.report(err, log), interaction, text));
  }
  if (begun === 'begun') return;
  // When a button is pressed twice quickly, both presses may look before either is stored.
  if (begun !== 'known' && begun.kind === 'retry-under-way') return tell(interaction, text.retryUnderWay);
  if (begun !== 'known') {
    log.info(begun, 'a limit was in the way');
    return refuse(interaction, draft, limitWords(begun, draft.request, context), context, kept);
  }
  log.info('this request is being served already: Discord delivered it twice, or it was confirmed twice');
  const known = () => (kept?.message ? defer() : tell(interaction, text.wayTaken));
  if (kept) await known().catch(rethrowUnlessAcknowledged);
}

function rethrowUnlessAcknowledged(error: unknown): void {
  if (!isAcknowledgedAlready(error)) throw error;
}

function deferReply(interaction: RepliableInteraction, isPrivate: boolean): Promise<unknown> {
  return interaction.deferReply(isPrivate ? { flags: MessageFlags.Ephemeral } : {});
}
