import type { APIMessage, APIMessageSnapshotFields } from 'discord-api-types/v10';
import { html } from 'lit';
import type { ShownTexts } from '../../protocol.ts';
import type { App } from '../app.ts';
import { messageTime } from '../times.ts';
import { attachmentsView } from './attachments.ts';
import { nameInText } from './channel-name.ts';
import { embedsView } from './embeds.ts';
import { layoutView } from './layout.ts';
import { textView } from './text.ts';

/** A message that another one passes on, as it was: nothing in it can be pressed. */
export function forwardedView(
  app: App,
  { message_reference: reference }: APIMessage,
  passedOn: APIMessageSnapshotFields,
  texts: ShownTexts,
) {
  const { state } = app;
  const { attachments, embeds, components = [], flags, timestamp } = passedOn;
  const channel = state.sandbox?.channels.find(({ id }) => id === reference?.channel_id);
  const at = messageTime(Date.parse(timestamp), Date.now() + state.clockAheadMs, state.place.locale);
  return html`<div class="forwarded">
    <div class="forwarded-note"><span aria-hidden="true">↪</span> <em>Forwarded</em></div>
    ${textView(texts.content, state)} ${attachmentsView(app, attachments, flags)}
    ${embedsView(app, embeds, texts.embeds)}
    ${layoutView(app, { components, displays: texts.displays, messageId: null })}
    <div class="forwarded-note">${channel ? `${nameInText(channel)} • ` : ''}${at}</div>
  </div>`;
}
