import { html } from 'lit';
import type { App } from '../app.ts';
import { takeFiles } from '../composer/files.ts';
import { composerView } from '../composer/view.ts';
import { enlargedView } from '../dialogs/enlarged.ts';
import { modalView } from '../dialogs/modal.ts';
import { panelView } from '../panel/panel.ts';
import { signOf } from './channel-name.ts';
import { conversationView } from './conversation.ts';
import { messageMenuView } from './message-menu.ts';
import { sidebarView } from './sidebar.ts';

/** The whole page. */
export function pageView(app: App) {
  const { sandbox, isConnected } = app.state;
  if (!sandbox) return html`<p class="waiting">${isConnected ? '' : 'Waiting for the sandbox …'}</p>`;
  return html`
    ${sidebarView(app, sandbox)}
    <main
      @dragover=${(event: Event) => event.preventDefault()}
      @drop=${(event: DragEvent) => takeFiles(app, event, event.dataTransfer)}
    >
      ${headerView(app)}
      ${isConnected ? '' : html`<p class="notice" role="status">The sandbox is gone. The page continues when it is started again.</p>`}
      ${conversationView(app)} ${composerView(app)}
    </main>
    ${panelView(app, sandbox)} ${messageMenuView(app)} ${modalView(app)} ${enlargedView(app)}
  `;
}

function headerView(app: App) {
  const { state } = app;
  const channel = state.sandbox?.channels.find(({ id }) => id === state.place.channelId);
  const toggleSidebar = () => {
    state.isSidebarOpen = !state.isSidebarOpen;
    app.update();
  };
  const togglePanel = () => {
    state.panel = state.panel ? null : 'requests';
    app.update();
  };
  return html`<header class="channel-header">
    <button class="sidebar-toggle" aria-label="Channels" aria-expanded=${state.isSidebarOpen} @click=${toggleSidebar}>☰</button>
    <h1><span aria-hidden="true">${channel && signOf(channel)}</span> ${channel?.name}</h1>
    <button class="panel-toggle" aria-expanded=${state.panel !== null} @click=${togglePanel}>Behind the scenes</button>
  </header>`;
}
