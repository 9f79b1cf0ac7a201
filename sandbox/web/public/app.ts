import type { Act, OfferedCommands, Place, Switch } from '../protocol.ts';
import { remember } from './remembered-place.ts';
import { post, sendAct } from './send.ts';
import { initialState, type State } from './state.ts';

/** The page: its state and its actions. */
export interface App {
  readonly state: State;
  /** Redraws the page. */
  update(): void;
  /** Changes the channel, the person or the language. */
  go(place: Partial<Place>): void;
  /** Asks again which commands are available here. */
  loadCommands(): Promise<void>;
  /** Uses a component of a message, or its menu. */
  use(act: Extract<Act, { kind: 'click' | 'select' | 'menu' }>): Promise<void>;
  turn(turned: Switch): Promise<void>;
}

/** `draw` shows the app as it is now. */
export function createApp(draw: (app: App) => void): App {
  const state = initialState();

  const app: App = {
    state,
    update: () => keepingToTheEnd(() => draw(app)),
    go(place) {
      Object.assign(state.place, place);
      state.isSidebarOpen = false;
      remember(state.place);
      app.update();
      void app.loadCommands();
    },
    async loadCommands() {
      const query = new URLSearchParams(
        Object.entries(state.place).map(([name, value]) => [name, String(value)]),
      );
      const answer = await fetch(`/commands?${query}`);
      if (answer.ok) state.commands = (await answer.json()) as OfferedCommands;
      app.update();
    },
    async use(act) {
      const key = `${act.messageId} ${'customId' in act ? act.customId : act.name}`;
      if (state.busy.has(key)) return;
      state.busy.add(key);
      state.failedMessages.delete(act.messageId);
      app.update();
      const { modal, refused, failed } = await sendAct(act);
      state.busy.delete(key);
      if (modal) state.modal = { form: modal };
      if (refused !== undefined || failed !== undefined) state.failedMessages.add(act.messageId);
      app.update();
    },
    async turn(turned) {
      await post('/switches', JSON.stringify(turned));
    },
  };
  return app;
}

const NEAR_PX = 80;

/** Keeps the page scrolled to the newest message if it was there, when that message grows or another one comes. */
function keepingToTheEnd(draw: () => void): void {
  const before = document.querySelector('.conversation');
  const isAtEnd = !before || before.scrollHeight - before.scrollTop - before.clientHeight < NEAR_PX;
  draw();
  const after = document.querySelector('.conversation');
  if (!after || !isAtEnd) return;
  // The components only render a moment later.
  requestAnimationFrame(() => after.scrollTo({ top: after.scrollHeight }));
}
