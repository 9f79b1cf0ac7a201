import { html, nothing } from 'lit';
import type { Snapshot } from '../../protocol.ts';
import type { App } from '../app.ts';
import type { State } from '../state.ts';
import { requestsView } from './requests.ts';
import { switchesView } from './switches.ts';
import { tasksView } from './tasks.ts';

type Tab = NonNullable<State['panel']>;

const TABS: Record<Tab, string> = { requests: 'Requests', tasks: 'Tasks', switches: 'Misbehave' };

/** Shows the traffic between the bot, Discord and the image service, with switches to disturb it. */
export function panelView(app: App, sandbox: Snapshot) {
  const { state } = app;
  if (!state.panel) return nothing;
  const show = (tab: State['panel']) => {
    state.panel = tab;
    app.update();
  };
  return html`<aside class="panel" aria-label="Behind the scenes">
    <div class="tabs" role="tablist">
      ${(Object.keys(TABS) as Tab[]).map(
        (tab) =>
          html`<button role="tab" aria-selected=${tab === state.panel} @click=${() => show(tab)}>${TABS[tab]}</button>`,
      )}
      <button class="close" aria-label="Close" @click=${() => show(null)}>×</button>
    </div>
    <div role="tabpanel">${contentView(app, state.panel, sandbox)}</div>
  </aside>`;
}

function contentView(app: App, tab: Tab, sandbox: Snapshot) {
  switch (tab) {
    case 'requests':
      return requestsView(sandbox.requests);
    case 'tasks':
      return tasksView(sandbox.tasks);
    case 'switches':
      return switchesView(app, sandbox);
  }
}
