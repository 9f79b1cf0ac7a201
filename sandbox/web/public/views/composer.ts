import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { App } from '../app.ts';
import { type Completion, completionsFor, type Known } from '../composer/completions.ts';
import {
  emptyComposer,
  type Filled,
  focused,
  focusOn,
  optionsLeft,
  removeOption,
} from '../composer/composer.ts';
import { Option as Kind } from '../kinds.ts';
import { descriptionIn, nameIn } from '../locales.ts';
import { nameInText } from './channel-name.ts';
import { pickFiles, takeFiles } from './composer-files.ts';
import { onComposerKey, take, typeInto } from './composer-keys.ts';

/** Puts the cursor into the text field, and a text before it. */
export function focusComposer(app: App, text?: string): void {
  if (text !== undefined && !app.state.composer.command) app.state.composer = emptyComposer(text);
  app.update();
  focusField(app);
}

export function focusField({ state }: App): void {
  const name = state.composer.focus ?? '';
  document.querySelector<HTMLElement>(`.composer [data-field="${CSS.escape(name)}"]`)?.focus();
}

export function knownTo({ state }: App): Known {
  return { commands: state.commands, locale: state.place.locale, sandbox: state.sandbox };
}

/** The text field at the bottom, the list above it, and what goes wrong. */
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
      ${
        composer.command
          ? commandView(app, composer.command.label, completions)
          : messageFieldView(app, completions)
      }
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

function messageFieldView(app: App, completions: readonly Completion[]) {
  const { composer, sandbox, place } = app.state;
  const channel = sandbox?.channels.find(({ id }) => id === place.channelId);
  const label = `Message ${nameInText(channel)}`;
  return html`<button type="button" class="attach" aria-label="Upload a file" @click=${() => pickFiles(app)}>+</button>
    ${composer.files.map(
      (file, index) =>
        html`<span class="chip"><span class="chip-name">${file.name}</span><button type="button" aria-label=${`Remove ${file.name}`} @click=${() => {
          composer.files = composer.files.filter((_, other) => other !== index);
          app.update();
        }}>×</button></span>`,
    )}
    ${textField(app, completions, { name: '', text: composer.text, placeholder: label, label })}`;
}

function commandView(app: App, label: string, completions: readonly Completion[]) {
  const { composer } = app.state;
  const left = optionsLeft(composer).length;
  return html`<span class="command-name">/${label}</span>
    ${repeat(
      composer.filled,
      ({ option }) => option.name,
      (filled) => chipView(app, filled, completions),
    )}
    ${textField(app, completions, { name: '', text: composer.text, placeholder: left > 0 ? `+${left} more` : '', label: 'More options' })}
    <button type="button" class="send" aria-label="Send command" @click=${() => onComposerKey(app, new KeyboardEvent('keydown', { key: 'Enter' }), [])}>➤</button>`;
}

function chipView(app: App, filled: Filled, completions: readonly Completion[]) {
  const { composer, place } = app.state;
  const { name, type } = filled.option;
  const label = nameIn(place.locale, filled.option);
  const isWrong = composer.problem !== undefined && composer.focus === name;
  return html`<span class=${`chip ${isWrong ? 'wrong' : ''}`}>
    <span class="chip-name">${label}</span>
    ${
      type === Kind.Attachment
        ? html`<button
          type="button"
          class="chip-file"
          data-field=${name}
          @focus=${() => moveTo(app, name)}
          @click=${() => pickFiles(app, filled)}
        >${filled.text || 'Choose, drop or paste a file'}</button>`
        : textField(app, completions, { name, text: filled.text, placeholder: '', label })
    }
    <button type="button" tabindex="-1" aria-label=${`Remove ${label}`} @click=${() => {
      removeOption(composer, name);
      app.update();
      focusField(app);
    }}>×</button>
  </span>`;
}

function textField(
  app: App,
  completions: readonly Completion[],
  field: { name: string; text: string; placeholder: string; label: string },
) {
  const { name, text, placeholder, label } = field;
  const { composer } = app.state;
  const isHere = (composer.focus ?? '') === name && completions.length > 0;
  return html`<textarea
    rows="1"
    cols=${Math.max(2, Math.min(60, (text || placeholder).length + 1))}
    data-field=${name}
    role="combobox"
    aria-label=${label}
    aria-controls="offers"
    aria-expanded=${isHere}
    aria-activedescendant=${isHere ? `offer-${composer.active}` : nothing}
    autocomplete="off"
    spellcheck="false"
    placeholder=${placeholder}
    .value=${live(text)}
    @focus=${() => moveTo(app, name || undefined)}
    @input=${({ target }: Event) => typeInto(app, name, (target as HTMLTextAreaElement).value)}
  ></textarea>`;
}

function moveTo(app: App, name: string | undefined): void {
  if (app.state.composer.focus === name) return;
  focusOn(app.state.composer, name);
  app.update();
}
