import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInMessageActionRow,
  type APIEmbed,
  ButtonStyle,
  ComponentType,
} from 'discord.js';
import { type CustomId, encodeCustomId } from './custom-id.ts';

export type ButtonRow = APIActionRowComponent<APIComponentInMessageActionRow>;

/** The content of a message, as the views build it. */
export interface MessageView {
  content: string;
  embeds: APIEmbed[];
  components: ButtonRow[];
}

export interface ButtonLook extends CustomId {
  readonly label: string;
  readonly emoji?: string;
  readonly style?: 'primary' | 'danger';
  readonly disabled?: boolean;
}

/** Discord's limit. */
export const BUTTONS_IN_ROW = 5;

/** Buttons side by side, five in a row; no rows without buttons. */
export function buttonRows(buttons: readonly ButtonLook[]): ButtonRow[] {
  const rows = Array.from({ length: Math.ceil(buttons.length / BUTTONS_IN_ROW) }, (_, row) =>
    buttons.slice(row * BUTTONS_IN_ROW, (row + 1) * BUTTONS_IN_ROW),
  );
  return rows.map((inRow) => ({ type: ComponentType.ActionRow, components: inRow.map(button) }));
}

const STYLES = { primary: ButtonStyle.Primary, danger: ButtonStyle.Danger } as const;

function button({ label, emoji, style, disabled, ...id }: ButtonLook): APIButtonComponentWithCustomId {
  return {
    type: ComponentType.Button,
    style: style ? STYLES[style] : ButtonStyle.Secondary,
    custom_id: encodeCustomId(id),
    label,
    ...(emoji && { emoji: { name: emoji } }),
    ...(disabled && { disabled }),
  };
}
