import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord.js';
import { lookAgain } from '../services/images/second-look.ts';
import { MODEL_IDS, modelOf, QUALITIES, RATIOS, RESOLUTIONS, resolutionLabel } from '../services/models.ts';
import { COUNT_MAX, findAttachmentProblem, mayBeUsable, PROMPT_MAX_CHARACTERS } from '../services/request.ts';
import { chooseWithin } from '../services/server-rules.ts';
import { tell } from './access.ts';
import { defineCommand, EVERYWHERE } from './command.ts';
import { requestImages } from './request-images.ts';
import { described, named, type Text } from './text/index.ts';

export const imagine = defineCommand({
  payload: {
    type: ApplicationCommandType.ChatInput,
    name: 'imagine',
    ...described((text) => text.command.imagine),
    ...EVERYWHERE,
    options: [
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
        choices: choicesOf(MODEL_IDS, (model) => modelOf(model).label),
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
    ],
  },

  async run(interaction, options, context) {
    const { ledger, defaultModel, fetcher, log, text } = context;
    const settings = await ledger.settings.of(interaction.user.id);
    const references = [options.reference, options.reference_2, options.reference_3, options.reference_4]
      .filter((attachment) => attachment !== null)
      .map(({ name, url, size, contentType }) => ({ name, url, size, contentType }));
    const looked = await Promise.all(
      references.map((reference) =>
        mayBeUsable(reference.contentType) ? reference : lookAgain(reference, fetcher, log),
      ),
    );
    const problem = findAttachmentProblem(looked);
    if (problem) return tell(interaction, text.problem(problem));

    const rules = await ledger.serverRules.of(interaction.guildId);
    const { chosen, adapted } = chooseWithin(rules, options, settings, defaultModel);
    const draft = {
      request: { ...chosen, prompt: options.prompt, count: options.count ?? 1 },
      references: looked.map(({ name, url }) => ({ name, source: 'discord' as const, url, file: null })),
      private: options.private ?? settings.private ?? false,
      adapted,
      parentId: null,
      parentUrl: null,
    };
    await requestImages(interaction, draft, context);
  },
});

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
