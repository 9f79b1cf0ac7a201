import type { Draft } from '../services/ledger/drafts.ts';
import { shorten } from '../services/shorten.ts';
import { ACCENT } from './accent.ts';
import { type ButtonLook, buttonRows, type MessageView } from './components.ts';
import { settingsLine } from './facts.ts';
import { promptEmbed } from './given-back.ts';
import { literal } from './markdown.ts';
import type { Text } from './text/index.ts';

const PROMPT_SHOWN_CHARACTERS = 300;

/** Why nothing is made of a request now. */
export interface Refusal {
  readonly words: string;
  /**
   * What may be tried by one click: the same once more where nothing is said, and nothing where that would be refused
   * whenever it is tried. `images` is a number that the person agrees to by it.
   */
  readonly instead?: { readonly label: string; readonly images?: number } | null;
  /** Shows more ways than that. */
  readonly view?: (draftId: string) => MessageView;
  /** The prompt is needed for another command, elsewhere or with other files. */
  readonly showsPrompt?: boolean;
}

/** Says why a request isn't made now, with the way back to it. Pure. */
export function renderRefusal(
  { draftId, isAgreed }: { readonly draftId: string; readonly isAgreed: boolean },
  { request }: Draft,
  { words, instead, showsPrompt }: Refusal,
  text: Text,
): MessageView {
  const agreed = instead?.images ?? (isAgreed ? request.count : null);
  const again: ButtonLook[] =
    instead === null
      ? []
      : [
          {
            action: 'try',
            subject: draftId,
            ...(agreed !== null && { detail: String(agreed) }),
            label: instead?.label ?? text.button.retry,
            emoji: '🔁',
          },
        ];
  return {
    content: words,
    embeds: showsPrompt ? [promptEmbed(request.prompt, text)] : [],
    components: buttonRows([
      ...again,
      { action: 'draft', subject: draftId, label: text.button.edit, emoji: '✏️' },
    ]),
  };
}

/**
 * Asks before many images are made, saying what that would be, and about what it would cost where the price of one image
 * is known; `by` is the person where nothing else names them. Pure.
 */
export function renderConfirmation(
  draftId: string,
  { request }: Draft,
  price: number | null,
  by: string | null,
  text: Text,
): MessageView {
  const prompt = literal(shorten(request.prompt.trim(), PROMPT_SHOWN_CHARACTERS));
  const question = text.confirm(request.count, settingsLine(request, text), price && request.count * price);
  const lines = [question, '', prompt, ...(by === null ? [] : [`-# ${text.by(by)}`])];
  return {
    content: '',
    embeds: [{ color: ACCENT, description: lines.join('\n') }],
    components: buttonRows([
      { action: 'confirm', subject: draftId, label: text.button.make(request.count), style: 'primary' },
      { action: 'dismiss', subject: draftId, label: text.button.dismiss },
    ]),
  };
}
