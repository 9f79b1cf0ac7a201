import { html } from 'lit';
import type { ShownChannel, Snapshot } from '../../protocol.ts';
import type { App } from '../app.ts';
import { LOCALES } from '../locales.ts';
import { avatarOf } from './avatar.ts';
import { signOf } from './channel-name.ts';

/** The list of channels, and the current person. */
export function sidebarView(app: App, { channels, people, bot, botState }: Snapshot) {
  const { place, isSidebarOpen } = app.state;
  const person = people.find(({ id }) => id === place.userId);
  const mine = channels.filter(({ kind, id }) => kind !== 'dm' || id === person?.dmId);
  const groups = Object.entries(Object.groupBy(mine, ({ group }) => group));
  return html`<nav class=${`sidebar ${isSidebarOpen ? 'open' : ''}`} aria-label="Channels">
    ${groups.map(
      ([group, inside = []]) => html`<h2>${group}</h2>
        <ul>
          ${inside.map((channel) => channelView(app, channel))}
        </ul>`,
    )}
    <div class="bot-state"><span class=${`dot ${botState}`}></span>${bot.name} is ${botState}</div>
    <div class="self">
      <img src=${avatarOf(person?.name ?? '')} alt="" width="32" height="32" />
      ${selectView(
        'You are',
        place.userId,
        people.map(({ id, name }) => [id, name]),
        (userId) => switchPerson(app, userId),
      )}
      ${selectView('Language', place.locale, LOCALES, (locale) => app.go({ locale }))}
      ${selectView(
        'Installed',
        String(place.userInstalled),
        [
          ['false', 'by the server'],
          ['true', 'by you'],
        ],
        (value) => app.go({ userInstalled: value === 'true' }),
      )}
    </div>
  </nav>`;
}

function channelView(app: App, channel: ShownChannel) {
  const { id, name, kind } = channel;
  const isHere = id === app.state.place.channelId;
  return html`<li>
    <button class=${kind} aria-current=${isHere ? 'page' : 'false'} @click=${() => app.go({ channelId: id })}>
      <span aria-hidden="true">${signOf(channel)}</span> ${name}
    </button>
  </li>`;
}

function selectView(
  label: string,
  value: string,
  options: readonly (readonly [string, string])[],
  choose: (value: string) => void,
) {
  return html`<label
    >${label}
    <select @change=${({ target }: Event) => choose((target as HTMLSelectElement).value)}>
      ${options.map(([each, name]) => html`<option value=${each} ?selected=${each === value}>${name}</option>`)}
    </select></label
  >`;
}

/** A person who switches in direct messages gets their own direct messages. */
function switchPerson(app: App, userId: string): void {
  const { sandbox, place } = app.state;
  const isDirect = sandbox?.people.some(({ dmId }) => dmId === place.channelId);
  const own = sandbox?.people.find(({ id }) => id === userId)?.dmId;
  app.go({ userId, ...(isDirect && own !== undefined && { channelId: own }) });
}
