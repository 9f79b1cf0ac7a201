import type { App } from './app.ts';

const MESSAGE_LINK = /^https:\/\/discord\.com\/channels\/[^/]+\/(\d+)\/(\d+)$/;

/** Makes links to messages scroll to them, as in Discord, instead of leaving the page. */
export function followMessageLinks(app: App): void {
  document.addEventListener('click', (event) => {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    const [, channelId, messageId] = MESSAGE_LINK.exec(link?.href ?? '') ?? [];
    if (channelId === undefined) return;
    event.preventDefault();
    app.go({ channelId });
    const message = document.querySelector<HTMLElement>(`[data-message="${messageId}"]`);
    message?.scrollIntoView({ block: 'center' });
    message?.focus();
  });
}
