import type {
  APIComponentInLabel,
  APIModalInteractionResponseCallbackData,
  APITextInputComponent,
} from 'discord-api-types/v10';
import { html, nothing } from 'lit';
import { ChoiceMenu } from '../choice-menu.ts';
import { choicesOf, presetsOf } from '../choices.ts';
import { Component, ParagraphStyle } from '../kinds.ts';
import type { State } from '../state.ts';

/** One question of a form. */
export interface Field {
  readonly label: string;
  readonly description: string | undefined;
  readonly input: APIComponentInLabel;
}

/** The questions of a form: each in a label, or in older forms as a text input in a row. */
export function fieldsOf({ components }: APIModalInteractionResponseCallbackData): Field[] {
  return components.flatMap((part): Field[] => {
    switch (part.type) {
      case Component.Label:
        return [{ label: part.label, description: part.description, input: part.component }];
      case Component.ActionRow:
        return part.components.map((input) => ({ label: input.label ?? '', description: undefined, input }));
      default:
        return [];
    }
  });
}

export function isRequired({ input }: Field): boolean {
  return input.type !== Component.Checkbox && input.required !== false;
}

/** The input of a question. */
export function fieldView({ input, label }: Field, state: State) {
  switch (input.type) {
    case Component.TextInput:
      return textView(input, label);
    case Component.FileUpload: {
      const { custom_id: id, max_values: max = 1, file_types: types = [] } = input;
      const accept = types.map((type) => (type === 'image' ? 'image/*' : type)).join(',');
      return html`<input type="file" data-input=${id} aria-label=${label} ?multiple=${max > 1} accept=${accept} />`;
    }
    case Component.RadioGroup:
    case Component.CheckboxGroup: {
      const type = input.type === Component.RadioGroup ? 'radio' : 'checkbox';
      return html`<div class="group" role="group" aria-label=${label} data-input=${input.custom_id}>
        ${input.options.map(
          (option) => html`<label>
            <input type=${type} name=${input.custom_id} value=${option.value} ?checked=${option.default === true} />
            <span>${option.label}${option.description ? html`<small>${option.description}</small>` : nothing}</span>
          </label>`,
        )}
      </div>`;
    }
    case Component.Checkbox:
      return html`<input
        type="checkbox"
        data-input=${input.custom_id}
        aria-label=${label}
        ?checked=${input.default === true}
      />`;
    default:
      return html`<choice-menu
        data-input=${input.custom_id}
        .label=${label}
        .choices=${choicesOf(input, state)}
        .chosen=${presetsOf(input)}
        .min=${input.required === false ? 0 : (input.min_values ?? 1)}
        .max=${input.max_values ?? 1}
        .placeholder=${input.placeholder ?? 'Make a selection'}
      ></choice-menu>`;
  }
}

function textView(input: APITextInputComponent, label: string) {
  const {
    custom_id: id,
    style,
    value = '',
    placeholder = '',
    required,
    min_length: min,
    max_length: max,
  } = input;
  return style === ParagraphStyle
    ? html`<textarea
        data-input=${id}
        aria-label=${label}
        rows="5"
        placeholder=${placeholder}
        minlength=${min ?? nothing}
        maxlength=${max ?? 4000}
        ?required=${required !== false}
        .defaultValue=${value}
      ></textarea>`
    : html`<input
        type="text"
        data-input=${id}
        aria-label=${label}
        placeholder=${placeholder}
        minlength=${min ?? nothing}
        maxlength=${max ?? 4000}
        ?required=${required !== false}
        value=${value}
      />`;
}

type Answer = string | boolean | readonly (string | File)[];

export function isEmpty(answer: Answer): boolean {
  return typeof answer !== 'boolean' && answer.length === 0;
}

/** The person's answer. */
export function readField({ input }: Field, form: HTMLElement): Answer {
  const element = form.querySelector(`[data-input="${CSS.escape(input.custom_id)}"]`);
  if (element instanceof ChoiceMenu) return element.values;
  if (element instanceof HTMLTextAreaElement) return element.value;
  if (!(element instanceof HTMLInputElement)) {
    return [...(element?.querySelectorAll('input:checked') ?? [])].map(
      (ticked) => ticked.getAttribute('value') ?? '',
    );
  }
  if (element.type === 'checkbox') return element.checked;
  return element.type === 'file' ? [...(element.files ?? [])] : element.value;
}
