import type {
  APIButtonComponent,
  APIComponentInMessageActionRow,
  APIMessage,
  APIMessageComponentEmoji,
  APISelectMenuComponent,
} from 'discord-api-types/v10';
import { html, nothing } from 'lit';
import type { App } from '../app.ts';
import { choicesOf, presetsOf } from '../choices.ts';
import { ButtonStyle, Component } from '../kinds.ts';

const STYLE_NAMES: Record<number, string> = {
  [ButtonStyle.Primary]: 'primary',
  [ButtonStyle.Secondary]: 'secondary',
  [ButtonStyle.Success]: 'success',
  [ButtonStyle.Danger]: 'destructive',
  [ButtonStyle.Link]: 'secondary',
};

/** The rows of buttons and select menus below a message. */
export function componentsView(app: App, message: APIMessage) {
  const rows = (message.components ?? []).flatMap((row) => (row.type === Component.ActionRow ? [row] : []));
  if (rows.length === 0) return nothing;
  return html`<div slot="components">
    ${rows.map(
      ({ components }) =>
        html`<discord-action-row>${components.map((part) => partView(app, message, part))}</discord-action-row>`,
    )}
  </div>`;
}

function partView(app: App, message: APIMessage, part: APIComponentInMessageActionRow) {
  return part.type === Component.Button
    ? buttonView(app, message, part)
    : selectView(app, message, part as APISelectMenuComponent);
}

function buttonView(app: App, message: APIMessage, button: APIButtonComponent) {
  const customId = 'custom_id' in button ? button.custom_id : undefined;
  const isBusy = app.state.busy.has(`${message.id} ${customId}`);
  const label = 'label' in button ? button.label : undefined;
  const emoji = 'emoji' in button ? emojiText(button.emoji) : '';
  const press = () => {
    if (customId === undefined || button.disabled) return;
    void app.use({ kind: 'click', ...app.state.place, messageId: message.id, customId });
  };
  return html`<discord-button
    type=${STYLE_NAMES[button.style] ?? 'secondary'}
    class=${isBusy ? 'busy' : ''}
    .url=${'url' in button ? button.url : undefined}
    ?disabled=${button.disabled === true}
    @click=${press}
    >${[emoji, label].filter(Boolean).join(' ')}</discord-button
  >`;
}

function selectView(app: App, message: APIMessage, select: APISelectMenuComponent) {
  const use = ({ detail: values }: CustomEvent<string[]>) => {
    const { custom_id: customId } = select;
    void app.use({ kind: 'select', ...app.state.place, messageId: message.id, customId, values });
  };
  return html`<choice-menu
    .choices=${choicesOf(select, app.state)}
    .chosen=${presetsOf(select)}
    .min=${select.min_values ?? 1}
    .max=${select.max_values ?? 1}
    .placeholder=${select.placeholder ?? 'Make a selection'}
    .disabled=${select.disabled === true}
    @chosen=${use}
  ></choice-menu>`;
}

export function emojiText(emoji: APIMessageComponentEmoji | undefined): string {
  if (!emoji) return '';
  return emoji.id ? `:${emoji.name}:` : (emoji.name ?? '');
}
