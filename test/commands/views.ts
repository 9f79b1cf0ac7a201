import { type APIButtonComponentWithCustomId, ButtonStyle, ComponentType } from 'discord.js';
import { type CustomId, decodeCustomId } from '../../src/commands/custom-id.ts';
import { type Text, textFor } from '../../src/commands/text/index.ts';
import type { ReplyView } from '../../src/services/discord/reply-message.ts';

export const languages: [string, Text][] = ['en-US', 'zh-CN'].map((locale) => [locale, textFor(locale)]);
export const en = textFor('en-US');

/** Prompts that are hard to fit: as long as they come, escaped to twice that, or a single character. */
export const longPrompts = {
  'a long prompt': 'word '.repeat(800),
  'a prompt of characters to escape': '*'.repeat(4000),
  'a prompt of combining characters': `a${'\u0301'.repeat(3999)}`,
  'a prompt of lines that look like headings': '#\n'.repeat(2000),
};

interface ShownButton extends CustomId {
  readonly label: string;
  readonly disabled: boolean;
  readonly isDangerous: boolean;
}

/** The buttons of a view as a person sees them, and what they lead to. */
export function buttonsOf({ components }: ReplyView): ShownButton[] {
  return components.flatMap((row) =>
    row.components
      .filter((component) => component.type === ComponentType.Button)
      .map((component) => {
        const {
          label = '',
          custom_id,
          disabled = false,
          style,
        } = component as APIButtonComponentWithCustomId;
        const id = decodeCustomId(custom_id);
        if (!id) throw new Error(`${custom_id} leads nowhere`);
        return { label, disabled, isDangerous: style === ButtonStyle.Danger, ...id };
      }),
  );
}

export function actionsOf(view: ReplyView): string[] {
  return buttonsOf(view).map(({ action }) => action);
}

export function descriptionOf({ embeds }: ReplyView): string {
  return embeds[0]?.description ?? '';
}
