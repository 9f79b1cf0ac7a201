import type { App } from '../app.ts';
import type { Known } from './completions.ts';
import { emptyComposer } from './composer.ts';

/** Redraws the page, with the cursor in the composer's focused field. */
export function updateAndFocus(app: App): void {
  app.update();
  const name = app.state.composer.focus ?? '';
  document.querySelector<HTMLElement>(`.composer [data-field="${CSS.escape(name)}"]`)?.focus();
}

/** Begins a command from anywhere on the page. */
export function beginTyping(app: App): void {
  if (!app.state.composer.command) app.state.composer = emptyComposer('/');
  updateAndFocus(app);
}

export function knownTo({ state }: App): Known {
  return { commands: state.commands, locale: state.place.locale, sandbox: state.sandbox };
}
