import type { APIEmbed } from 'discord-api-types/v10';
import { html, nothing } from 'lit';
import type { ShownEmbed } from '../../protocol.ts';
import type { App } from '../app.ts';
import { styledTime } from '../times.ts';
import { imageView } from './attachments.ts';
import { plainText, textView } from './text.ts';

/** An embed, its texts read already. */
export function embedView(app: App, embed: APIEmbed, texts: ShownEmbed) {
  const { state } = app;
  const { author, color, footer, image, thumbnail, timestamp, url } = embed;
  const footerText = [
    footer?.text,
    timestamp && styledTime(Date.parse(timestamp), 'f', Date.now() + state.clockAheadMs, state.place.locale),
  ].filter(Boolean);
  return html`<discord-embed
    slot="embeds"
    color=${color === undefined ? '#4f545c' : `#${color.toString(16).padStart(6, '0')}`}
    embed-title=${plainText(texts.title)}
    .url=${url}
    .authorName=${author?.name}
    .authorUrl=${author?.url}
    .thumbnail=${thumbnail?.url}
  >
    ${
      texts.description.length > 0
        ? html`<discord-embed-description slot="description">${textView(texts.description, state)}</discord-embed-description>`
        : nothing
    }
    ${
      texts.fields.length > 0 || image
        ? html`<discord-embed-fields slot="fields">
          ${texts.fields.map(
            ({ name, value }) =>
              html`<discord-embed-field field-title=${plainText(name)}>${textView(value, state)}</discord-embed-field>`,
          )}
          ${image ? imageView(app, { ...image, filename: plainText(texts.title) || 'image' }) : nothing}
        </discord-embed-fields>`
        : nothing
    }
    ${
      footerText.length > 0
        ? html`<discord-embed-footer slot="footer">${footerText.join(' • ')}</discord-embed-footer>`
        : nothing
    }
  </discord-embed>`;
}
