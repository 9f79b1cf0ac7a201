import type { APIEmbed } from 'discord-api-types/v10';
import { html, nothing } from 'lit';
import type { ShownEmbed } from '../../protocol.ts';
import type { App } from '../app.ts';
import { embedGalleries, type ShownEmbedGallery } from '../embed-galleries.ts';
import { styledTime } from '../times.ts';
import { imageView } from './attachments.ts';
import { plainText, textView } from './text.ts';

/** The embeds of a message, with their texts already parsed. */
export function embedsView(app: App, embeds: readonly APIEmbed[], texts: readonly ShownEmbed[]) {
  return embedGalleries(embeds).map((shown) => {
    const read = texts[shown.index];
    return read ? embedView(app, shown, read) : nothing;
  });
}

function embedView(app: App, { embed, images }: ShownEmbedGallery, texts: ShownEmbed) {
  const { state } = app;
  const { author, color, footer, thumbnail, timestamp, url } = embed;
  const name = plainText(texts.title) || 'image';
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
    .thumbnail=${thumbnail?.proxy_url ?? thumbnail?.url}
  >
    ${
      texts.description.length > 0
        ? html`<discord-embed-description slot="description">${textView(texts.description, state)}</discord-embed-description>`
        : nothing
    }
    ${
      texts.fields.length > 0 || images.length > 0
        ? html`<discord-embed-fields slot="fields">
          ${texts.fields.map(
            ({ name, value }) =>
              html`<discord-embed-field field-title=${plainText(name)}>${textView(value, state)}</discord-embed-field>`,
          )}
          ${
            images.length > 0
              ? html`<div class="gallery">
                ${images.map((image) => imageView(app, { ...image, url: image.proxy_url ?? image.url, filename: name }))}
              </div>`
              : nothing
          }
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
