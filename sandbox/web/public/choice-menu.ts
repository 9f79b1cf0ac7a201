import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Choice } from './choices.ts';
import { emojiText } from './views/components.ts';
import { nextIndex } from './views/move-focus.ts';

/** A select menu of a message or a form. Fires `chosen` with the values once the person has finished choosing. */
export class ChoiceMenu extends LitElement {
  static override properties = {
    choices: { attribute: false },
    chosen: { attribute: false },
    min: { attribute: false },
    max: { attribute: false },
    placeholder: { attribute: false },
    label: { attribute: false },
    disabled: { attribute: false },
    isOpen: { state: true },
    active: { state: true },
    picked: { state: true },
  };
  declare choices: readonly Choice[];
  declare chosen: readonly string[];
  declare min: number;
  declare max: number;
  declare placeholder: string;
  declare label: string;
  declare disabled: boolean;
  declare private isOpen: boolean;
  declare private active: number;
  declare private picked: readonly string[];
  private readonly ownId = `menu-${crypto.randomUUID()}`;

  constructor() {
    super();
    Object.assign(this, {
      choices: [],
      chosen: [],
      min: 1,
      max: 1,
      placeholder: '',
      label: '',
      disabled: false,
    });
    Object.assign(this, { isOpen: false, active: 0, picked: [] });
  }

  /** The chosen values. */
  get values(): readonly string[] {
    return this.picked;
  }

  /** The page's own styles apply. */
  override createRenderRoot(): HTMLElement {
    return this;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    // The page is redrawn every second, so only a different preset may replace the person's choice.
    const before = changed.get('chosen');
    if (changed.has('chosen') && before?.join('\n') !== this.chosen.join('\n')) this.picked = this.chosen;
  }

  override render() {
    const labels = this.choices.filter(({ value }) => this.picked.includes(value)).map(({ label }) => label);
    return html`<button
        type="button"
        class="choice-button"
        role="combobox"
        aria-haspopup="listbox"
        aria-expanded=${this.isOpen}
        aria-label=${[this.label || this.placeholder, ...labels].join(': ')}
        aria-activedescendant=${this.isOpen ? this.idOf(this.active) : nothing}
        ?disabled=${this.disabled}
        @click=${() => (this.isOpen ? this.close() : this.open())}
        @keydown=${this.onKey}
        @blur=${() => this.close()}
      >
        <span class=${labels.length > 0 ? '' : 'placeholder'}>${labels.join(', ') || this.placeholder}</span>
        <span aria-hidden="true">⌄</span>
      </button>
      ${
        this.isOpen
          ? html`<div class="choices" role="listbox" aria-multiselectable=${this.max > 1} @mousedown=${(event: Event) => event.preventDefault()}>
            ${this.choices.map((choice, index) => this.choiceView(choice, index))}
          </div>`
          : nothing
      }`;
  }

  private choiceView(choice: Choice, index: number) {
    const { value, label, description, emoji } = choice;
    return html`<div
      role="option"
      id=${this.idOf(index)}
      class=${index === this.active ? 'active' : ''}
      aria-selected=${this.picked.includes(value)}
      @click=${() => this.pick(index)}
    >
      <span>${[emojiText(emoji), label].filter(Boolean).join(' ')}</span>
      ${description ? html`<small>${description}</small>` : nothing}
    </div>`;
  }

  private idOf(index: number): string {
    return `${this.ownId}-${index}`;
  }

  private open(): void {
    this.isOpen = true;
    this.active = Math.max(
      0,
      this.choices.findIndex(({ value }) => this.picked.includes(value)),
    );
    void this.updateComplete.then(() => this.querySelector('.choices')?.scrollIntoView({ block: 'nearest' }));
  }

  /** If several can be chosen, closing the list means that the person has finished. */
  private close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    if (this.max > 1) this.say();
  }

  private pick(index: number): void {
    const value = this.choices[index]?.value;
    if (value === undefined) return;
    if (this.max > 1) {
      const others = this.picked.filter((picked) => picked !== value);
      if (others.length < this.picked.length) this.picked = others;
      else if (others.length < this.max) this.picked = [...others, value];
      return;
    }
    this.isOpen = false;
    this.picked = this.min === 0 && this.picked.includes(value) ? [] : [value];
    this.say();
  }

  private say(): void {
    if (this.picked.length < this.min || this.picked.join('\n') === this.chosen.join('\n')) return;
    this.dispatchEvent(new CustomEvent('chosen', { detail: [...this.picked] }));
  }

  private onKey(event: KeyboardEvent): void {
    if (!this.isOpen) {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
      this.open();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      this.close();
    } else if (event.key === 'Enter' || event.key === ' ') {
      this.pick(this.active);
    } else {
      const next = nextIndex(event.key, this.active, this.choices.length) ?? this.startingWith(event.key);
      if (next === undefined) return;
      this.active = next;
      void this.updateComplete.then(() =>
        this.querySelector('.active')?.scrollIntoView({ block: 'nearest' }),
      );
    }
    event.preventDefault();
  }

  private startingWith(letter: string): number | undefined {
    if (letter.length !== 1) return undefined;
    const starts = ({ label }: Choice) => label.toLowerCase().startsWith(letter.toLowerCase());
    const after = this.choices.findIndex((choice, index) => index > this.active && starts(choice));
    const index = after >= 0 ? after : this.choices.findIndex(starts);
    return index < 0 ? undefined : index;
  }
}

customElements.define('choice-menu', ChoiceMenu);
