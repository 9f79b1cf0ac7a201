import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord.js';
import { LOOK_BEFORE_ANSWER_MS } from '../services/discord/limits.ts';
import { lookAgain } from '../services/images/second-look.ts';
import {
  type ModelId,
  modelOf,
  QUALITIES,
  RATIOS,
  RESOLUTIONS,
  resolutionLabel,
} from '../services/request/models.ts';
import {
  type Attachment,
  COUNT_MAX,
  findAttachmentProblem,
  mayBeUsable,
  PROMPT_MAX_CHARACTERS,
  REFERENCE_MAX_BYTES,
} from '../services/request/request.ts';
import { chooseWithin } from '../services/request/server-rules.ts';
import { type CommandContext, defineCommand, EVERYWHERE } from './command.ts';
import { limitRefusal, refusalHere } from './here.ts';
import { refuse } from './refuse.ts';
import { requestImages } from './request-images.ts';
import { described, localized, named, type Text } from './text/index.ts';

/** `/imagine`, with these models to choose from. */
export const imagineWith = (models: readonly ModelId[]) =>
  defineCommand({
    payload: {
      type: ApplicationCommandType.ChatInput,
      name: 'imagine',
      ...described((text) => text.command.imagine),
      ...EVERYWHERE,
      options: localized([
        {
          type: ApplicationCommandOptionType.String,
          name: 'prompt',
          ...described((text) => text.command.prompt),
          required: true,
          min_length: 1,
          max_length: PROMPT_MAX_CHARACTERS,
        },
        {
          type: ApplicationCommandOptionType.String,
          name: 'model',
          ...described((text) => text.command.model),
          choices: choicesOf(models, (model) => modelOf(model).label),
        },
        {
          type: ApplicationCommandOptionType.String,
          name: 'ratio',
          ...described((text) => text.command.ratio),
          choices: choicesOf(RATIOS, (ratio, text) => text.ratio[ratio]),
        },
        {
          type: ApplicationCommandOptionType.String,
          name: 'resolution',
          ...described((text) => text.command.resolution),
          choices: choicesOf(RESOLUTIONS, resolutionLabel),
        },
        {
          type: ApplicationCommandOptionType.String,
          name: 'quality',
          ...described((text) => text.command.quality),
          choices: choicesOf(QUALITIES, (quality, text) => text.quality[quality]),
        },
        {
          type: ApplicationCommandOptionType.Boolean,
          name: 'transparent',
          ...described((text) => text.command.transparent),
        },
        {
          type: ApplicationCommandOptionType.Integer,
          name: 'count',
          ...described((text) => text.command.count),
          min_value: 1,
          max_value: COUNT_MAX,
        },
        referenceOption('reference'),
        referenceOption('reference_2'),
        referenceOption('reference_3'),
        referenceOption('reference_4'),
        {
          type: ApplicationCommandOptionType.Boolean,
          name: 'private',
          ...described((text) => text.command.private),
        },
      ]),
    },

    async run(interaction, options, context) {
      const { ledger, text } = context;
      const settings = await ledger.settings.of(interaction.user.id);
      const attachments = [options.reference, options.reference_2, options.reference_3, options.reference_4]
        .filter((attachment) => attachment !== null)
        .map(({ name, url, size, contentType }) => ({ name, url, size, contentType }));
      const rules = await ledger.serverRules.of(interaction.guildId);
      const { chosen, adapted } = chooseWithin(rules, options, settings, context);
      const draft = {
        request: {
          ...chosen,
          prompt: options.prompt,
          transparent: options.transparent ?? false,
          count: options.count ?? 1,
        },
        references: attachments.map(({ name, url }) => ({
          name,
          source: 'discord' as const,
          url,
          file: null,
        })),
        private: options.private ?? settings.private ?? false,
        adapted,
        parentId: null,
        parentUrl: null,
      };
      if (attachments.some(isDoubtful)) {
        const refusal =
          (await refusalHere(interaction, context)) ?? (await limitRefusal(interaction, draft, context));
        if (refusal !== null) return refuse(interaction, draft, refusal, context);
      }
      const looked = await lookedAt(attachments, interaction.user.id, context);
      const problem = findAttachmentProblem(looked);
      if (problem) {
        const usable = draft.references.filter((_, index) => isUsable(looked[index]));
        const instead = { label: text.button.leaveOut };
        const refusal = { words: text.problem(problem), instead, showsPrompt: true };
        return refuse(interaction, { ...draft, references: usable }, refusal, context);
      }
      await requestImages(interaction, draft, context);
    },
  });

/** A file that may be an image, whatever it calls itself, and is no larger than one may be. */
function isDoubtful({ contentType, size }: Attachment): boolean {
  return !mayBeUsable(contentType) && size <= REFERENCE_MAX_BYTES;
}

function isUsable(attachment: Attachment | undefined): boolean {
  return attachment !== undefined && findAttachmentProblem([attachment]) === null;
}

/** What the doubtful ones are by their bytes, as long as the person hasn't had too many looked at for nothing. */
async function lookedAt(
  attachments: readonly Attachment[],
  userId: string,
  { fetcher, unpaidReferences, turns, log }: CommandContext,
): Promise<readonly Attachment[]> {
  const doubtful = attachments.filter(isDoubtful).length;
  if (doubtful === 0 || !unpaidReferences.take(userId, doubtful)) return attachments;
  const tooLate = AbortSignal.timeout(LOOK_BEFORE_ANSWER_MS);
  const look = (attachment: Attachment) =>
    isDoubtful(attachment) && !tooLate.aborted ? lookAgain(attachment, fetcher, log) : attachment;
  return turns(userId, () => Promise.all(attachments.map(look)));
}

function referenceOption<const Name extends 'reference' | `reference_${2 | 3 | 4}`>(name: Name) {
  const type = ApplicationCommandOptionType.Attachment as const;
  // Discord's file dialog offers images only; what comes is checked all the same.
  return { type, name, ...described((text) => text.command[name]), file_types: ['image' as const] };
}

function choicesOf<Value extends string>(
  values: readonly Value[],
  label: (value: Value, text: Text) => string,
) {
  return values.map((value) => ({ ...named((text) => label(value, text)), value }));
}
