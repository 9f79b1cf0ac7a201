import type { APIAttachment } from 'discord-api-types/v10';
import { html, nothing } from 'lit';
import type { App } from '../app.ts';
import { Flag } from '../kinds.ts';

const LARGEST = { width: 550, height: 350 };

/** The files of a message: images as a gallery, the rest as a list. Components V2 show themselves what is to be seen of them. */
export function attachmentsView(app: App, attachments: readonly APIAttachment[], flags = 0) {
  if (attachments.length === 0 || (flags & Flag.ComponentsV2) !== 0) return nothing;
  const images = attachments.filter(isImage);
  const files = attachments.filter((attachment) => !isImage(attachment));
  return html`<discord-attachments slot="attachments">
    ${images.length > 0 ? html`<div class="gallery">${images.map((image) => imageView(app, image))}</div>` : nothing}
    ${files.map(fileView)}
  </discord-attachments>`;
}

/** A file to be downloaded. */
export function fileView({ filename, url, size }: Pick<Image, 'filename' | 'url' | 'size'>) {
  return html`<discord-file-attachment
    name=${filename}
    href=${url}
    target="_blank"
    bytes-unit=${size === undefined ? '' : sizeText(size)}
  ></discord-file-attachment>`;
}

interface Image {
  url: string;
  filename: string;
  description?: string | undefined;
  width?: number | null | undefined;
  height?: number | null | undefined;
  size?: number;
}

/** An image that a click shows in full. */
export function imageView(app: App, image: Image) {
  const { url, filename, size } = image;
  const description = image.description ?? '';
  const width = image.width ?? 0;
  const height = image.height ?? 0;
  const share = Math.min(1, LARGEST.width / width, LARGEST.height / height);
  const enlarge = () => {
    const detail = [width > 0 && `${width} × ${height}`, size !== undefined && sizeText(size)]
      .filter(Boolean)
      .join(' · ');
    app.state.enlarged = { url, name: filename, alt: description, detail };
    app.update();
  };
  return html`<button class="image" title=${description} aria-label=${`Enlarge ${description || filename}`} @click=${enlarge}>
    <img src=${url} alt=${description} width=${width > 0 ? Math.round(width * share) : nothing} height=${height > 0 ? Math.round(height * share) : nothing} />
    ${description ? html`<span class="alt-badge" aria-hidden="true">ALT</span>` : nothing}
  </button>`;
}

function isImage({ content_type: type, width }: APIAttachment): boolean {
  return width != null && (type?.startsWith('image/') ?? false);
}

function sizeText(bytes: number): string {
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(0)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
