import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { App } from '../app.ts';
import { type CommandPath, commandPaths } from '../composer/command-paths.ts';
import { beginCommand } from '../composer/composer.ts';
import { updateAndFocus } from '../composer/focus.ts';
import { visibleMessages } from '../state.ts';
import { nameInText } from './channel-name.ts';
import { messageView, unansweredView } from './message.ts';
import { openMenu } from './message-menu.ts';
import { moveFocus } from './move-focus.ts';

/** The messages of this channel, and the commands that wait for an answer. */
export function conversationView(app: App) {
  const items = [...answered(app), ...waiting(app)].toSorted((one, other) => one.at - other.at);
  return html`<div class="conversation" @keydown=${(event: KeyboardEvent) => onKey(app, event)}>
    ${items.length === 0 ? welcomeView(app) : nothing}
    <discord-messages no-background role="feed" aria-label="Messages" tabindex="0">
      ${repeat(
        items,
        ({ id }) => id,
        ({ view }) => view,
      )}
    </discord-messages>
  </div>`;
}

function answered(app: App) {
  return visibleMessages(app.state).map((shown) => {
    const { id, timestamp } = shown.message;
    return { id, at: Date.parse(timestamp), view: messageView(app, shown) };
  });
}

function waiting(app: App) {
  const { userId, channelId } = app.state.place;
  return app.state.unanswered
    .filter(({ place }) => place.channelId === channelId && place.userId === userId)
    .map((each) => ({ id: String(each.id), at: each.sentAt, view: unansweredView(app, each) }));
}

function welcomeView(app: App) {
  const { sandbox, place, commands } = app.state;
  const channel = sandbox?.channels.find(({ id }) => id === place.channelId);
  const begin = (path: CommandPath) => {
    beginCommand(app.state.composer, path);
    updateAndFocus(app);
  };
  const paths = commandPaths(commands, place.locale);
  return html`<div class="welcome">
    <h2>Welcome to ${nameInText(channel)}!</h2>
    <p>
      ${sandbox?.bot.name} is here, as it would be in Discord: the bot is real; Discord and the image service are small
      copies on this machine. ${paths.length > 0 ? 'Begin with a command, or type /' : 'It offers no command in this place.'}
    </p>
    ${paths.map(
      (path) =>
        html`<button @click=${() => begin(path)}><strong>/${path.label}</strong> ${path.description}</button>`,
    )}
  </div>`;
}

/** The arrow keys move from message to message. Enter or the keyboard's menu key opens a message's menu. */
function onKey(app: App, event: KeyboardEvent): void {
  const target = event.target as Element;
  if (!target.matches('discord-messages, discord-message')) return;
  const id = target.getAttribute('data-message');
  if (event.key === 'Enter' && id !== null) {
    event.preventDefault();
    openMenu(app, id, target);
  } else {
    moveFocus(event, 'discord-message[data-message]');
  }
}
