import { type ButtonInteraction, Locale, MessageFlags, type RepliableInteraction } from 'discord.js';
import { isAcknowledgedAlready } from '../services/discord/errors.ts';
import { forgetSurplusDrafts, keepDraftReferences } from '../services/images/draft-references.ts';
import type { Draft } from '../services/ledger/drafts.ts';
import type { StoredGeneration } from '../services/ledger/generations.ts';
import type { Reservation } from '../services/ledger/reserve.ts';
import { costOf, unitOf } from '../services/request/costs.ts';
import { findObstacle, waysOut } from '../services/request/ways-out.ts';
import { tell } from './access.ts';
import type { CommandContext } from './command.ts';
import { renderConfirmation } from './confirmation.view.ts';
import { limitRefusal, limitsHere, refusalHere, refusalInVain } from './here.ts';
import { replyUrl } from './message-link.ts';
import { notWritten } from './not-written.ts';
import { isOpenHere, replyAddress } from './place.ts';
import { renderProblem, renderRefusal } from './problem.view.ts';

/**
 * Serves a request, from wherever it comes: refuses at once what can't work, asks first where many images would be
 * made, and hands the rest to the worker. `draftId` is that of a draft which becomes this request, and nothing else any
 * more.
 */
export async function requestImages(
  interaction: RepliableInteraction,
  draft: Draft,
  context: CommandContext,
  draftId: string | null = null,
): Promise<void> {
  const { text, confirmAbove, log } = context;
  const refusal = await refusalHere(interaction, context);
  if (refusal !== null) return refuse(interaction, draft, refusal, context);
  const obstacle = await obstacleHere(interaction, draft, context);
  if (!obstacle && draft.request.count <= confirmAbove) {
    return beginGeneration(interaction, draft, context, {
      draftId,
      message: null,
      defer: () => deferReply(interaction, draft.private),
      known: async () => draftId && tell(interaction, text.wayTaken),
    });
  }
  // A question keeps references: nothing is prepared for what a limit is in the way of.
  const limit = await limitRefusal(interaction, draft, context);
  if (limit !== null) return refuse(interaction, draft, limit, context);
  const id = await saveDraft(interaction, draft, context);
  if (id === null) return;
  log.info(
    { draft: id, problem: obstacle?.problem.kind, count: draft.request.count },
    'the person is asked first',
  );
  // What was typed into a modal would be lost with it: the way back leads to the draft.
  const question = obstacle ? renderProblem(id, obstacle, text) : renderConfirmation(id, draft, text);
  const isPrivate = draft.private || obstacle !== null;
  await interaction.reply({ ...question, ...(isPrivate && { flags: MessageFlags.Ephemeral }) });
  await keepDraftReferences(id, interaction.user.id, draft, context);
}

/**
 * Writes a draft in place of the person's oldest where they have many, and returns its id; where that can't be done the
 * person is told, and null comes back.
 */
export async function saveDraft(
  interaction: RepliableInteraction,
  draft: Draft,
  { ledger, ledgerTrouble, files, unfinishedDrafts, text, log }: CommandContext,
): Promise<string | null> {
  const userId = interaction.user.id;
  const freeAt = unfinishedDrafts.freeAt(userId);
  if (freeAt !== null) {
    await tell(interaction, text.tooManyDrafts(freeAt));
    return null;
  }
  unfinishedDrafts.take(userId);
  try {
    const id = await ledger.drafts.save(userId, draft);
    await forgetSurplusDrafts(userId, { ledger, files }).catch((err: unknown) =>
      log.warn({ err }, 'a person’s oldest drafts could not be removed'),
    );
    return id;
  } catch (err) {
    await tell(interaction, notWritten(ledgerTrouble.report(err, log), interaction, text));
    return null;
  }
}

/** Serves a request that the person has confirmed, in the message that asked. */
export async function serveConfirmed(
  interaction: ButtonInteraction,
  draftId: string,
  draft: Draft,
  context: CommandContext,
): Promise<void> {
  // The question may be days old, and the rules others by now.
  const refusal = await refusalHere(interaction, context);
  if (refusal !== null) return tell(interaction, refusal);
  const obstacle = await obstacleHere(interaction, draft, context);
  if (obstacle) {
    const view = renderProblem(draftId, obstacle, context.text);
    await interaction.reply({ ...view, flags: MessageFlags.Ephemeral });
    return;
  }
  const { id, channelId } = interaction.message;
  const defer = () => interaction.deferUpdate();
  const asked = { draftId, message: { id, channelId }, defer, known: defer };
  await beginGeneration(interaction, draft, context, asked);
}

/**
 * The same request once more, as something new. From another place (/history) nothing of it is shown to those who are
 * there, and whoever keeps their own images to themselves does so with this one.
 */
export async function draftFrom(
  interaction: RepliableInteraction,
  { generation, references }: StoredGeneration,
  { ledger }: Pick<CommandContext, 'ledger'>,
): Promise<Draft> {
  const { id: userId } = interaction.user;
  const keepsPrivate = userId !== generation.userId && (await ledger.settings.of(userId)).private === true;
  return {
    request: generation.request,
    references: references.map(({ name, source, url, file }) => ({ name, source, url, file })),
    private: keepsPrivate || !isOpenHere(interaction, generation) || isSeenAlone(interaction, generation),
    adapted: false,
    parentId: generation.id,
    parentUrl: replyUrl(generation),
  };
}

/** Whether it stands only where one person sees it, such as /history, since its reply was deleted. */
function isSeenAlone(
  interaction: RepliableInteraction,
  { message }: StoredGeneration['generation'],
): boolean {
  const pressedOn = 'message' in interaction ? interaction.message : null;
  return message === null && pressedOn !== null && pressedOn.flags.has(MessageFlags.Ephemeral);
}

/** Why a request can't be made here, and with which changes it can. */
async function obstacleHere(
  { guildId }: RepliableInteraction,
  { request, references }: Draft,
  { ledger, models }: CommandContext,
) {
  const allowed = { rules: await ledger.serverRules.of(guildId), models };
  const problem = findObstacle(request, references.length, allowed);
  return problem && { problem, ways: waysOut(request, references.length, allowed) };
}

interface Asked extends Pick<Reservation, 'draftId' | 'message'> {
  readonly defer: () => Promise<unknown>;
  /** Answers where another interaction has made this draft a generation already. */
  readonly known: () => Promise<unknown>;
}

/** Hands a request to the worker, which defers the reply once the request is on disk, and owns it from then on. */
async function beginGeneration(
  interaction: RepliableInteraction,
  draft: Draft,
  context: CommandContext,
  asked: Asked,
): Promise<void> {
  const { account, worker, text, log, costs } = context;
  const trouble = account.refusal();
  if (trouble) return refuse(interaction, draft, text.accountTrouble[trouble], context);
  const inVain = refusalInVain(interaction, draft, context);
  if (inVain !== null) return refuse(interaction, draft, inVain, context);
  const { draftId, message, defer, known } = asked;
  const reservation = {
    ...replyAddress(interaction, draft.private),
    ...draft,
    interactionId: interaction.id,
    userId: interaction.user.id,
    // The row needs one, and not every interaction has it.
    locale: interaction.locale ?? Locale.EnglishUS,
    message,
    draftId,
    limits: await limitsHere(interaction, context),
    cost: costOf(draft.request, costs),
  };
  let begun: Awaited<ReturnType<CommandContext['worker']['begin']>>;
  try {
    begun = await worker.begin(reservation, async () => {
      await defer();
    });
  } catch (err) {
    return tell(interaction, notWritten(context.ledgerTrouble.report(err, log), interaction, text));
  }
  if (begun === 'begun') return;
  // Pressed twice in a stall, both had looked before either was written.
  if (begun !== 'known' && begun.kind === 'retry-under-way') return tell(interaction, text.retryUnderWay);
  if (begun !== 'known') {
    log.info(begun, 'a limit was in the way');
    return refuse(interaction, draft, text.limit(begun, unitOf(costs)), context);
  }
  log.info('this request is being served already: Discord delivered it twice, or it was confirmed twice');
  if (draftId !== null) await known().catch(rethrowUnlessAcknowledged);
}

/** Says privately why nothing is made now. What was typed into a modal would be lost with it: it is kept as a draft. */
async function refuse(
  interaction: RepliableInteraction,
  draft: Draft,
  words: string,
  context: CommandContext,
): Promise<void> {
  if (!interaction.isModalSubmit()) return tell(interaction, words);
  const id = await saveDraft(interaction, draft, context);
  if (id === null) return;
  await interaction.reply({
    ...renderRefusal(id, words, context.text),
    flags: MessageFlags.Ephemeral,
  });
  await keepDraftReferences(id, interaction.user.id, draft, context);
}

function rethrowUnlessAcknowledged(error: unknown): void {
  if (!isAcknowledgedAlready(error)) throw error;
}

function deferReply(interaction: RepliableInteraction, isPrivate: boolean): Promise<unknown> {
  return interaction.deferReply(isPrivate ? { flags: MessageFlags.Ephemeral } : {});
}
