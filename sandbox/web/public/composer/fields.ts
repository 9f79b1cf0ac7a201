import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { App } from '../app.ts';
import { Option as Kind } from '../kinds.ts';
import { nameIn } from '../locales.ts';
import { nameInText } from '../views/channel-name.ts';
import type { CommandPath } from './command-paths.ts';
import type { Completion } from './completions.ts';
import { type Filled, focusOn, optionsLeft, removeOption } from './composer.ts';
import { pickFiles } from './files.ts';
import { updateAndFocus } from './focus.ts';
import { typeInto } from './keys.ts';
import { sendComposed } from './send.ts';

/** A message's text and its files. */
export function messageView(app: App, completions: readonly Completion[]) {
  const { composer, sandbox, place } = app.state;
  const channel = sandbox?.channels.find(({ id }) => id === place.channelId);
  const label = `Message ${nameInText(channel)}`;
  return html`<button type="button" class="attach" aria-label="Upload a file" @click=${() => pickFiles(app)}>+</button>
    <div class="inputs">
    ${composer.files.map(
      (file, index) =>
        html`<span class="chip"><span class="chip-name">${file.name}</span><button type="button" aria-label=${`Remove ${file.name}`} @click=${() => {
          composer.files = composer.files.filter((_, other) => other !== index);
          app.update();
        }}>×</button></span>`,
    )}
    ${textField(app, completions, { name: '', text: composer.text, placeholder: label, label })}
    </div>`;
}

/** A command's name, and a field for each of its added options. */
export function commandView(app: App, { label }: CommandPath, completions: readonly Completion[]) {
  const { composer } = app.state;
  const left = optionsLeft(composer).length;
  return html`<div class="inputs">
    <span class="command-name">/${label}</span>
    ${repeat(
      composer.filled,
      ({ option }) => option.name,
      (filled) => chipView(app, filled, completions),
    )}
    ${textField(app, completions, { name: '', text: composer.text, placeholder: left > 0 ? `+${left} more` : '', label: 'More options' })}
    </div>
    <button type="button" class="send" aria-label="Send command" @click=${() => sendComposed(app)}>➤</button>`;
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
      updateAndFocus(app);
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
