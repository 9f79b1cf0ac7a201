import type { App } from './app.ts';

const MESSAGE_LINK = /^https:\/\/discord\.com\/channels\/[^/]+\/(\d+)\/(\d+)$/;

/** Lets links to messages lead there, as in Discord, instead of out of the page. */
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
