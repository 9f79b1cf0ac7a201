import { html, nothing } from 'lit';
import type { App } from '../app.ts';
import { CommandType } from '../kinds.ts';
import { nameIn } from '../locales.ts';
import { moveFocus } from './move-focus.ts';

/** Opens the menu of a message at the pointer, or else beside the focused element. */
export function openMenu(
  app: App,
  messageId: string,
  beside: Element,
  pointed?: { x: number; y: number },
): void {
  const box = beside.getBoundingClientRect();
  app.state.menu = { messageId, ...(pointed ?? { x: box.left + 60, y: box.top + 30 }) };
  app.update();
  document.querySelector<HTMLElement>('.message-menu [role=menuitem]')?.focus();
}

/** Opens it on a right click, or on the keyboard's menu key, which has no position. */
export function onContextMenu(app: App, messageId: string, event: MouseEvent): void {
  event.preventDefault();
  const isPointed = event.button === 2;
  openMenu(
    app,
    messageId,
    event.currentTarget as Element,
    isPointed ? { x: event.clientX, y: event.clientY } : undefined,
  );
}

/** The commands that the bot offers for a message. */
export function messageMenuView(app: App) {
  const { menu, commands, place } = app.state;
  if (!menu) return nothing;
  const { messageId } = menu;
  const close = () => {
    delete app.state.menu;
    app.update();
    document.querySelector<HTMLElement>(`[data-message="${messageId}"]`)?.focus();
  };
  const offered = commands.filter(({ type }) => type === CommandType.Message);
  const left = Math.min(menu.x, window.innerWidth - 240);
  const top = Math.min(menu.y, window.innerHeight - 90 - 36 * offered.length);
  return html`<div class="backdrop" @click=${close} @contextmenu=${(event: Event) => event.preventDefault()}></div>
    <div
      class="message-menu"
      role="menu"
      aria-label="Apps"
      style=${`left: ${left}px; top: ${Math.max(8, top)}px`}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'Escape' || event.key === 'Tab') close();
        else moveFocus(event, '[role=menuitem]');
      }}
    >
      <div class="menu-heading">Apps</div>
      ${offered.map(
        (command) => html`<button
          role="menuitem"
          @click=${() => {
            close();
            void app.use({ kind: 'menu', ...place, messageId, name: command.name });
          }}
        >
          ${nameIn(place.locale, command)}
        </button>`,
      )}
      <button role="menuitem" @click=${() => {
        void navigator.clipboard?.writeText(messageId);
        close();
      }}>Copy message ID</button>
    </div>`;
}
