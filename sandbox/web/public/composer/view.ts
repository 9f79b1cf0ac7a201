import { html, nothing } from 'lit';
import type { App } from '../app.ts';
import { descriptionIn, nameIn } from '../locales.ts';
import { type Completion, completionsFor } from './completions.ts';
import { focused } from './composer.ts';
import { commandView, messageView } from './fields.ts';
import { takeFiles } from './files.ts';
import { knownTo } from './focus.ts';
import { onComposerKey, take } from './keys.ts';

/** The text field at the bottom, the list above it, and the current problem. */
export function composerView(app: App) {
  const { composer } = app.state;
  const completions = completionsFor(composer, knownTo(app));
  return html`<form
    class="composer"
    @submit=${(event: Event) => event.preventDefault()}
    @keydown=${(event: KeyboardEvent) => onComposerKey(app, event, completions)}
    @paste=${(event: ClipboardEvent) => takeFiles(app, event, event.clipboardData)}
  >
    ${listView(app, completions)}
    ${composer.problem ? html`<div class="problem" role="alert">${composer.problem}</div>` : nothing}
    <div class="field">
      ${composer.command ? commandView(app, composer.command, completions) : messageView(app, completions)}
    </div>
  </form>`;
}

function listView(app: App, completions: readonly Completion[]) {
  const { composer, place, sandbox } = app.state;
  const filled = focused(composer);
  const heading = filled
    ? descriptionIn(place.locale, filled.option)
    : composer.command
      ? 'Options'
      : sandbox?.bot.name;
  if (completions.length === 0 && !(filled && composer.isListOpen)) return nothing;
  return html`<div class="offers" @mousedown=${(event: Event) => event.preventDefault()}>
    <div class="offers-heading">
      ${filled ? html`<strong>${nameIn(place.locale, filled.option)}</strong> ` : nothing}${heading}
    </div>
    <div role="listbox" id="offers" aria-label=${heading ?? ''}>
      ${completions.map(
        (completion, index) => html`<div
          role="option"
          id=${`offer-${index}`}
          aria-selected=${index === composer.active}
          @click=${() => take(app, completion)}
        >
          <span>${completion.label}</span><small>${completion.detail}</small>
        </div>`,
      )}
    </div>
  </div>`;
}
