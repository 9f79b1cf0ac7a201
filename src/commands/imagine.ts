import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  MessageFlags,
} from 'discord.js';
import { lookAgain } from '../services/images/second-look.ts';
import { MODEL_LABELS, QUALITIES, RATIOS, RESOLUTIONS } from '../services/models.ts';
import { findProblem, type ImageRequest, mayBeUsable, PROMPT_MAX_CHARACTERS } from '../services/request.ts';
import { beginGeneration } from './begin-generation.ts';
import { defineCommand } from './command.ts';
import { en } from './text/en.ts';

export const imagine = defineCommand({
  payload: {
    type: ApplicationCommandType.ChatInput,
    name: 'imagine',
    description: 'Make an image from a description',
    integration_types: [ApplicationIntegrationType.GuildInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: 'prompt',
        description: 'What the image should show',
        required: true,
        min_length: 1,
        max_length: PROMPT_MAX_CHARACTERS,
      },
      {
        type: ApplicationCommandOptionType.String,
        name: 'model',
        description: 'Which model makes it',
        choices: choicesOf(MODEL_LABELS),
      },
      {
        type: ApplicationCommandOptionType.String,
        name: 'ratio',
        description: 'Its shape: width to height',
        choices: choicesOf(RATIOS),
      },
      {
        type: ApplicationCommandOptionType.String,
        name: 'resolution',
        description: 'How large it is (1K unless you choose)',
        choices: choicesOf(RESOLUTIONS),
      },
      {
        type: ApplicationCommandOptionType.String,
        name: 'quality',
        description: 'How carefully it is made, where the model has this setting (Low unless you choose)',
        choices: choicesOf(QUALITIES),
      },
      referenceOption('reference', 'An image to work from'),
      referenceOption('reference_2', 'A second image to work from'),
      referenceOption('reference_3', 'A third image to work from'),
      referenceOption('reference_4', 'A fourth image to work from'),
      {
        type: ApplicationCommandOptionType.Boolean,
        name: 'private',
        description: 'Only you see the reply',
      },
    ],
  },

  async run(interaction, options, context) {
    const request: ImageRequest = {
      prompt: options.prompt,
      model: options.model ?? context.defaultModel,
      ratio: options.ratio ?? 'auto',
      resolution: options.resolution ?? '1k',
      quality: options.quality,
    };
    const references = [options.reference, options.reference_2, options.reference_3, options.reference_4]
      .filter((attachment) => attachment !== null)
      .map(({ name, url, size, contentType }) => ({ name, url, size, contentType }));

    const looked = await Promise.all(
      references.map((reference) =>
        mayBeUsable(reference.contentType) ? reference : lookAgain(reference, context.fetcher, context.log),
      ),
    );

    const problem = findProblem(request, looked);
    if (problem) {
      await interaction.reply({ content: en.problem(problem), flags: MessageFlags.Ephemeral });
      return;
    }
    await beginGeneration(
      interaction,
      {
        request,
        references: looked.map(({ name, url }) => ({ name, url, file: null })),
        private: options.private ?? false,
        parentId: null,
      },
      context,
    );
  },
});

function referenceOption<const Name extends string>(name: Name, description: string) {
  const type = ApplicationCommandOptionType.Attachment as const;
  // Discord's file dialog offers images only; what comes is checked all the same.
  return { type, name, description, file_types: ['image' as const] };
}

function choicesOf<Value extends string>(labels: Readonly<Record<Value, string>>) {
  return Object.entries<string>(labels).map(([value, name]) => ({ name, value: value as Value }));
}
