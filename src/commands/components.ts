import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInMessageActionRow,
  ButtonStyle,
  ComponentType,
} from 'discord.js';
import { type ButtonId, encodeButtonId } from './custom-id.ts';

export type ButtonRow = APIActionRowComponent<APIComponentInMessageActionRow>;

export interface ButtonLook extends ButtonId {
  readonly label: string;
  readonly emoji?: string;
  readonly danger?: boolean;
}

/** Buttons side by side, at most five; no row at all where there is none. */
export function buttonRow(buttons: readonly ButtonLook[]): ButtonRow[] {
  if (buttons.length === 0) return [];
  return [{ type: ComponentType.ActionRow, components: buttons.map(button) }];
}

function button({ label, emoji, danger, ...id }: ButtonLook): APIButtonComponentWithCustomId {
  return {
    type: ComponentType.Button,
    style: danger ? ButtonStyle.Danger : ButtonStyle.Secondary,
    custom_id: encodeButtonId(id),
    label,
    ...(emoji && { emoji: { name: emoji } }),
  };
}
