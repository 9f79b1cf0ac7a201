import type {
  APIComponentInContainer,
  APIContainerComponent,
  APIMessageTopLevelComponent,
  APISectionComponent,
  APIUnfurledMediaItem,
} from 'discord-api-types/v10';
import { html, nothing } from 'lit';
import type { ShownTexts } from '../../protocol.ts';
import type { App } from '../app.ts';
import { Component } from '../kinds.ts';
import { fileView, imageView } from './attachments.ts';
import { buttonView, rowView } from './components.ts';
import { textView } from './text.ts';

/** The components of a message, with its texts already parsed. */
export interface Layout {
  readonly components: readonly APIMessageTopLevelComponent[];
  readonly displays: ShownTexts['displays'];
  /** Null for a forwarded message, in which nothing can be pressed. */
  readonly messageId: string | null;
}

/** Rows of buttons and menus, and all parts of a message of Components V2 (docs: components/reference). */
export function layoutView(app: App, layout: Layout) {
  if (layout.components.length === 0) return nothing;
  return html`<div slot="components" class="layout">
    ${layout.components.map((part) => partView(app, part, layout))}
  </div>`;
}

type Part = APIMessageTopLevelComponent | APIComponentInContainer;

function partView(app: App, part: Part, layout: Layout): unknown {
  switch (part.type) {
    case Component.ActionRow:
      return rowView(app, layout.messageId, part);
    case Component.TextDisplay:
      return displayView(app, part, layout);
    case Component.Section:
      return sectionView(app, part, layout);
    case Component.MediaGallery:
      return html`<div class="gallery">
        ${part.items.map(({ media, description, spoiler }) => mediaView(app, media, { description, spoiler }))}
      </div>`;
    case Component.File:
      return fileView({ filename: nameIn(part.file.url), url: part.file.url });
    case Component.Separator:
      return html`<div
        role=${part.divider === false ? 'presentation' : 'separator'}
        class=${part.spacing === 2 ? 'separator large' : 'separator'}
      ></div>`;
    case Component.Container:
      return containerView(app, part, layout);
    default:
      return nothing;
  }
}

function displayView(app: App, { id }: { id?: number }, { displays }: Layout) {
  return html`<div class="text-display">${textView(displays[id ?? 0] ?? [], app.state)}</div>`;
}

function sectionView(app: App, { components, accessory }: APISectionComponent, layout: Layout) {
  return html`<div class="section">
    <div class="section-texts">${components.map((part) => displayView(app, part, layout))}</div>
    ${
      accessory.type === Component.Thumbnail
        ? html`<div class="section-thumbnail">${mediaView(app, accessory.media, accessory)}</div>`
        : html`<discord-action-row>${buttonView(app, layout.messageId, accessory)}</discord-action-row>`
    }
  </div>`;
}

function containerView(app: App, container: APIContainerComponent, layout: Layout) {
  const { accent_color: accent, components, spoiler } = container;
  const border = accent == null ? '' : `border-left: 4px solid #${accent.toString(16).padStart(6, '0')}`;
  return html`<div class=${spoiler ? 'container spoiler' : 'container'} tabindex=${spoiler ? 0 : nothing} style=${border}>
    ${components.map((part) => partView(app, part, layout))}
  </div>`;
}

function mediaView(
  app: App,
  media: APIUnfurledMediaItem,
  { description, spoiler }: { description?: string | null | undefined; spoiler?: boolean | undefined },
) {
  const { url, proxy_url: proxyUrl, width, height } = media;
  const image = { url: proxyUrl ?? url, width, height, description: description ?? undefined };
  return html`<div class=${spoiler ? 'medium spoiler' : 'medium'}>
    ${imageView(app, { ...image, filename: nameIn(url) })}
  </div>`;
}

function nameIn(url: string): string {
  return URL.parse(url)?.pathname.split('/').at(-1) ?? url;
}
