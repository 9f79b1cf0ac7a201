import type { APIMessage, APIUser } from 'discord-api-types/v10';
import { html, nothing } from 'lit';
import type { ShownMessage } from '../../protocol.ts';
import type { App } from '../app.ts';
import { Flag, MessageType } from '../kinds.ts';
import type { Unanswered } from '../state.ts';
import { messageTime } from '../times.ts';
import { attachmentsView } from './attachments.ts';
import { avatarOf } from './avatar.ts';
import { embedsView } from './embeds.ts';
import { forwardedView } from './forwarded.ts';
import { layoutView } from './layout.ts';
import { onContextMenu, openMenu } from './message-menu.ts';
import { textView } from './text.ts';

/** A message as the person of this page sees it. */
export function messageView(app: App, shown: ShownMessage) {
  const { state } = app;
  const { message } = shown;
  const isMine = message.mentions.some(({ id }) => id === state.place.userId);
  const isLoading = ((message.flags ?? 0) & Flag.Loading) !== 0;
  const name = nameOf(message.author);
  return html`<discord-message
    role="article"
    tabindex="-1"
    data-message=${message.id}
    aria-label=${`${name}, ${timeOf(app, Date.parse(message.timestamp))}`}
    class=${shown.visibleTo === null ? '' : 'ephemeral'}
    author=${name}
    avatar=${avatarOf(name)}
    ?bot=${message.author.bot === true}
    ?edited=${message.edited_timestamp !== null}
    ?highlight=${isMine}
    .timestamp=${timeOf(app, Date.parse(message.timestamp))}
    @contextmenu=${(event: MouseEvent) => onContextMenu(app, message.id, event)}
  >
    ${usedView(message)}
    ${isLoading ? html`<span class="thinking">${name} is thinking…</span>` : textView(shown.content, state)}
    ${(message.message_snapshots ?? []).map((snapshot, index) => {
      const texts = shown.forwarded[index];
      return texts ? forwardedView(app, message, snapshot.message, texts) : nothing;
    })}
    ${attachmentsView(app, message.attachments, message.flags)}
    ${embedsView(app, message.embeds, shown.embeds)}
    ${layoutView(app, { components: message.components ?? [], displays: shown.displays, messageId: message.id })}
    ${
      state.failedMessages.has(message.id)
        ? html`<div slot="thread" class="problem" role="alert">This interaction failed</div>`
        : nothing
    }
    ${shown.visibleTo === null ? nothing : onlyYouView(() => dismiss(app, message.id))}
    <button slot="thread" class="more" aria-label="More" aria-haspopup="menu" @click=${(event: MouseEvent) => openMenu(app, message.id, event.currentTarget as Element)}>⋯</button>
  </discord-message>`;
}

/** A command that waits for the bot's first answer, or got none. */
export function unansweredView(app: App, unanswered: Unanswered) {
  const { sandbox } = app.state;
  const { place, commandName, problem, sentAt } = unanswered;
  const person = sandbox?.people.find(({ id }) => id === place.userId);
  if (!sandbox || !person) return nothing;
  return html`<discord-message
    role="article"
    class="ephemeral"
    author=${sandbox.bot.name}
    avatar=${avatarOf(sandbox.bot.name)}
    bot
    .timestamp=${timeOf(app, sentAt)}
  >
    ${commandView(person.name, commandName)}
    ${
      problem === undefined
        ? html`<span class="thinking">Sending command…</span>`
        : html`<span class="problem" role="alert">${problem}</span>
          ${onlyYouView(() => {
            app.state.unanswered = app.state.unanswered.filter(({ id }) => id !== unanswered.id);
            app.update();
          })}`
    }
  </discord-message>`;
}

/** "Alice used /imagine", above the answer to a command. */
function usedView({ interaction, type }: APIMessage) {
  const isAnswer = type === MessageType.SlashReply || type === MessageType.MenuReply;
  return interaction && isAnswer ? commandView(nameOf(interaction.user), interaction.name) : nothing;
}

function commandView(user: string, command: string) {
  return html`<discord-command
    slot="reply"
    author=${user}
    avatar=${avatarOf(user)}
    command=${command}
    type="slash_command"
  ></discord-command>`;
}

function onlyYouView(dismissed: () => void) {
  return html`<div slot="thread" class="only-you">
    <span aria-hidden="true">👁</span> Only you can see this •
    <button class="link" @click=${dismissed}>Dismiss message</button>
  </div>`;
}

function dismiss(app: App, messageId: string): void {
  app.state.dismissed.add(messageId);
  app.update();
}

function timeOf({ state }: App, at: number): string {
  return messageTime(at, Date.now() + state.clockAheadMs, state.place.locale);
}

function nameOf({ global_name: globalName, username }: APIUser): string {
  return globalName ?? username;
}
