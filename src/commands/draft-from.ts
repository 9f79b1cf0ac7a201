import { MessageFlags, type RepliableInteraction } from 'discord.js';
import type { Draft } from '../services/ledger/drafts.ts';
import type { StoredGeneration } from '../services/ledger/generations.ts';
import { mayServeAgain, type ReferenceSource, type Task } from '../services/ledger/rows.ts';
import { isTextTool } from '../services/request/tools.ts';
import type { CommandContext } from './command.ts';
import { faultyReference } from './facts.ts';
import { replyUrl } from './message-link.ts';
import { isOpenHere } from './place.ts';

/**
 * A draft of the same request. It is private if it comes from another place (/history), so that people there see
 * nothing of it, and for a person whose own images are private.
 */
export async function draftFrom(
  interaction: RepliableInteraction,
  { generation, tasks, references }: StoredGeneration,
  { ledger }: Pick<CommandContext, 'ledger'>,
): Promise<Draft> {
  const { id: userId } = interaction.user;
  const keepsPrivate = userId !== generation.userId && (await ledger.settings.of(userId)).private === true;
  const usable = tasks.some(isForUnusable) ? withoutFaulty(references, tasks) : references;
  return {
    request: generation.request,
    references: usable.map(({ generationId: _id, position: _position, ...image }) => image),
    private:
      isTextTool(generation.request.tool) ||
      keepsPrivate ||
      !isOpenHere(interaction, generation) ||
      isSeenAlone(interaction, generation),
    adapted: false,
    parentId: generation.id,
    parentUrl: replyUrl(generation),
  };
}

/** The first references that a changed request keeps. The mask goes once the reference that it lies over does. */
export function staying(references: Draft['references'], most: number): Draft['references'] {
  const images = references.filter(({ isMask }) => !isMask);
  const kept = images.slice(0, most);
  // A mask without a reference waits for one.
  const keepsMask = kept.length > 0 || images.length === 0;
  return keepsMask ? [...kept, ...references.filter(({ isMask }) => isMask)] : kept;
}

/** All references except the one that couldn't be used; without the first one, the mask that lies over it is left out too. */
export function withoutFaulty<Reference extends Pick<ReferenceSource, 'isMask'>>(
  references: readonly Reference[],
  tasks: readonly Task[],
): Reference[] {
  const faulty = faultyReference(tasks);
  const others = references.filter((_, index) => index + 1 !== faulty);
  return faulty === 1 ? others.filter(({ isMask }) => !isMask) : others;
}

/** A draft of one image made from another one, which replaces all references. */
export async function draftOfImage(
  interaction: RepliableInteraction,
  stored: StoredGeneration,
  image: ReferenceSource,
  context: Pick<CommandContext, 'ledger'>,
): Promise<Draft> {
  const draft = await draftFrom(interaction, stored, context);
  const { tool: _, ...request } = draft.request;
  return { ...draft, request: { ...request, count: 1 }, references: [image] };
}

/** Whether the task would fail the same way again, because a reference isn't a usable image. */
function isForUnusable({ reason }: Task): boolean {
  return reason?.startsWith('reference-') === true && !mayServeAgain(reason);
}

/** Whether only one person sees it, as in /history, since its reply was deleted. */
function isSeenAlone(
  interaction: RepliableInteraction,
  { message }: StoredGeneration['generation'],
): boolean {
  const pressedOn = 'message' in interaction ? interaction.message : null;
  return message === null && pressedOn !== null && pressedOn.flags.has(MessageFlags.Ephemeral);
}
