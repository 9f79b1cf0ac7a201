import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord.js';
import {
  type ModelId,
  modelOf,
  QUALITIES,
  RATIOS,
  RESOLUTIONS,
  resolutionLabel,
} from '../services/request/models.ts';
import { COUNT_MAX, PROMPT_MAX_CHARACTERS } from '../services/request/request.ts';
import { chooseWithin } from '../services/request/server-rules.ts';
import { TOOLS, type Tool } from '../services/request/tools.ts';
import { defineCommand, EVERYWHERE } from './command.ts';
import { requestWithFiles } from './request-files.ts';
import { requestImages } from './request-images.ts';
import { described, localized, named, type Text } from './text/index.ts';
import { enhanceFirst } from './tools/enhance.ts';

/** The command `/imagine` with a choice of these models, without the options of tools that aren't offered. */
export function imagineWith(models: readonly ModelId[], tools: readonly Tool[] = TOOLS) {
  const imagine = imagineOf(models);
  const options = imagine.payload.options.filter(
    ({ name }) => name !== 'enhance' || tools.includes('enhance'),
  );
  return { ...imagine, payload: { ...imagine.payload, options } } as typeof imagine;
}

const imagineOf = (models: readonly ModelId[]) =>
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
        {
          type: ApplicationCommandOptionType.Boolean,
          name: 'enhance',
          ...described((text) => text.command.enhance),
        },
        referenceOption('reference'),
        referenceOption('reference_2'),
        referenceOption('reference_3'),
        referenceOption('reference_4'),
        referenceOption('mask'),
        {
          type: ApplicationCommandOptionType.Boolean,
          name: 'private',
          ...described((text) => text.command.private),
        },
      ]),
    },

    async run(interaction, options, context) {
      const [settings, rules] = await Promise.all([
        context.ledger.settings.of(interaction.user.id),
        context.rules(),
      ]);
      const { reference, reference_2, reference_3, reference_4, mask } = options;
      const attachments = [reference, reference_2, reference_3, reference_4, mask]
        .filter((attachment) => attachment !== null)
        .map((attachment) => {
          const { name, url, size, contentType } = attachment;
          return { name, url, size, contentType, ...(attachment === mask && { isMask: true as const }) };
        });
      const { chosen, adapted } = chooseWithin(rules, options, settings, context);
      const draft = {
        request: {
          ...chosen,
          prompt: options.prompt,
          transparent: options.transparent ?? false,
          count: options.count ?? 1,
        },
        references: [],
        private: options.private ?? settings.private ?? false,
        adapted,
        parentId: null,
        parentUrl: null,
      };
      const next = options.enhance ? enhanceFirst : requestImages;
      await requestWithFiles(interaction, draft, attachments, context, next);
    },
  });

function referenceOption<const Name extends 'reference' | `reference_${2 | 3 | 4}` | 'mask'>(name: Name) {
  const type = ApplicationCommandOptionType.Attachment as const;
  // Discord's file dialog then offers only images; the bot checks the files anyway.
  return { type, name, ...described((text) => text.command[name]), file_types: ['image' as const] };
}

function choicesOf<Value extends string>(
  values: readonly Value[],
  label: (value: Value, text: Text) => string,
) {
  return values.map((value) => ({ ...named((text) => label(value, text)), value }));
}
