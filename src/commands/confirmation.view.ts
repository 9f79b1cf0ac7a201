import type { Draft } from '../services/ledger/drafts.ts';
import type { Tool } from '../services/request/tools.ts';
import { isBlank } from '../services/request/visible.ts';
import { shorten } from '../services/shorten.ts';
import { ACCENT } from './accent.ts';
import { type ButtonLook, buttonRows, type MessageView } from './components.ts';
import { settingsLine } from './facts.ts';
import { promptEmbed } from './given-back.ts';
import { literal } from './markdown.ts';
import type { Text } from './text/index.ts';

const PROMPT_SHOWN_CHARACTERS = 300;

/** Why a request is refused now. */
export interface Refusal {
  readonly words: string;
  /**
   * The offer to try by one click: by default the same request again; null when it would always be refused. `images` is
   * the number that the person agrees to by the click.
   */
  readonly instead?: { readonly label: string; readonly images?: number } | null;
  /** Shows more ways than one click. */
  readonly view?: (draftId: string) => MessageView;
  /** Whether to show the prompt, because the person needs it for a new command, elsewhere or with other files. */
  readonly showsPrompt?: boolean;
}

/** Tells why a request isn't made now, and offers the way back to it. Pure. */
export function renderRefusal(
  { draftId, isAgreed }: { readonly draftId: string; readonly isAgreed: boolean },
  { request }: Draft,
  { words, instead, showsPrompt }: Refusal,
  text: Text,
  tools: readonly Tool[] = [],
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
  const edit: ButtonLook = { action: 'draft', subject: draftId, label: text.button.edit, emoji: '✏️' };
  return {
    content: words,
    embeds: showsPrompt ? [promptEmbed(request.prompt, text)] : [],
    // What a tool does is no prompt to edit.
    components: buttonRows(
      request.tool ? again : [...again, edit, ...enhanceButtons(draftId, request, tools, text)],
    ),
  };
}

/**
 * Asks before many images are made. Shows the request, and roughly what it costs if the price of one image is known.
 * `by` is the person, when nothing else in the message names them. Pure.
 */
export function renderConfirmation(
  draftId: string,
  { request }: Draft,
  price: number | null,
  by: string | null,
  text: Text,
  tools: readonly Tool[] = [],
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
      ...enhanceButtons(draftId, request, tools, text),
    ]),
  };
}

/** Where there is a prompt to rewrite, and a model that may do it. */
function enhanceButtons(
  draftId: string,
  { prompt }: Draft['request'],
  tools: readonly Tool[],
  { tool }: Text,
): ButtonLook[] {
  if (!tools.includes('enhance') || isBlank(prompt)) return [];
  return [{ action: 'enhance', subject: draftId, label: tool.name.enhance, emoji: '✨' }];
}
