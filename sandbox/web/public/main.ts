import { render } from 'lit';
import type { PageEvent } from '../protocol.ts';
import './discord-components.ts';
import './choice-menu.ts';
import { createApp } from './app.ts';
import { beginTyping } from './composer/focus.ts';
import { followMessageLinks } from './message-links.ts';
import { rememberedPlace } from './remembered-place.ts';
import { apply } from './state.ts';
import { pageView } from './views/page.ts';

const root = document.getElementById('app');
if (!root) throw new Error('the page lacks its root');
const app = createApp((shown) => render(pageView(shown), root));
Object.assign(app.state.place, rememberedPlace());

// The browser reconnects by itself; the sandbox then sends everything again.
const events = new EventSource('/events');
events.addEventListener('message', ({ data }) => {
  const event = JSON.parse(data) as PageEvent;
  apply(app.state, event);
  app.state.isConnected = true;
  if (event.kind === 'snapshot' || event.kind === 'commands') void app.loadCommands();
  app.update();
});
events.addEventListener('error', () => {
  app.state.isConnected = false;
  app.update();
});

followMessageLinks(app);

// Relative times count down.
setInterval(() => app.update(), 1000);

document.addEventListener('keydown', (event) => {
  const isTyping = event
    .composedPath()
    .some((node) => node instanceof Element && node.matches('textarea, input, dialog'));
  if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  beginTyping(app);
});
app.update();
