import type {
  APIActionRowComponent,
  APIButtonComponent,
  APIComponentInMessageActionRow,
  APIMessageComponentEmoji,
  APISelectMenuComponent,
} from 'discord-api-types/v10';
import { html } from 'lit';
import type { App } from '../app.ts';
import { choicesOf, presetsOf } from '../choices.ts';
import { ButtonStyle, Component } from '../kinds.ts';

type MessageActionRow = APIActionRowComponent<APIComponentInMessageActionRow>;

const STYLE_NAMES: Record<number, string> = {
  [ButtonStyle.Primary]: 'primary',
  [ButtonStyle.Secondary]: 'secondary',
  [ButtonStyle.Success]: 'success',
  [ButtonStyle.Danger]: 'destructive',
  [ButtonStyle.Link]: 'secondary',
};

/** A row of buttons, or of one select menu. Without a message's id nothing in it can be used. */
export function rowView(app: App, messageId: string | null, { components }: MessageActionRow) {
  return html`<discord-action-row>
    ${components.map((part) =>
      part.type === Component.Button
        ? buttonView(app, messageId, part)
        : selectView(app, messageId, part as APISelectMenuComponent),
    )}
  </discord-action-row>`;
}

/** A button; see {@link rowView}. */
export function buttonView(app: App, messageId: string | null, button: APIButtonComponent) {
  const customId = 'custom_id' in button ? button.custom_id : undefined;
  const isBusy = app.state.busy.has(`${messageId} ${customId}`);
  const label = 'label' in button ? button.label : undefined;
  const emoji = 'emoji' in button ? emojiText(button.emoji) : '';
  const press = () => {
    if (customId === undefined || button.disabled || messageId === null) return;
    void app.use({ kind: 'click', ...app.state.place, messageId, customId });
  };
  return html`<discord-button
    type=${STYLE_NAMES[button.style] ?? 'secondary'}
    class=${isBusy ? 'busy' : ''}
    .url=${'url' in button ? button.url : undefined}
    ?disabled=${button.disabled === true || (messageId === null && customId !== undefined)}
    @click=${press}
    >${[emoji, label].filter(Boolean).join(' ')}</discord-button
  >`;
}

function selectView(app: App, messageId: string | null, select: APISelectMenuComponent) {
  const use = ({ detail: values }: CustomEvent<string[]>) => {
    const { custom_id: customId } = select;
    if (messageId === null) return;
    void app.use({ kind: 'select', ...app.state.place, messageId, customId, values });
  };
  return html`<choice-menu
    .choices=${choicesOf(select, app.state)}
    .chosen=${presetsOf(select)}
    .min=${select.min_values ?? 1}
    .max=${select.max_values ?? 1}
    .placeholder=${select.placeholder ?? 'Make a selection'}
    .disabled=${select.disabled === true || messageId === null}
    @chosen=${use}
  ></choice-menu>`;
}

export function emojiText(emoji: APIMessageComponentEmoji | undefined): string {
  if (!emoji) return '';
  return emoji.id ? `:${emoji.name}:` : (emoji.name ?? '');
}
