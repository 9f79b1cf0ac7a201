import { shorten } from '../../services/shorten.ts';
import { ACCENT } from '../accent.ts';
import { type ButtonLook, buttonRows, type MessageView } from '../components.ts';
import { literal } from '../markdown.ts';
import type { Text } from '../text/index.ts';

/** Discord allows 6000 characters in all embeds of a message together. */
const PROMPT_SHOWN_CHARACTERS = 2900;

/** The drafts of the typed and of the rewritten prompt. */
interface Drafts {
  readonly typed: string;
  readonly enhanced: string;
}

/** Shows the rewritten prompt beside the typed one, before anything is made. Pure. */
export function renderEnhanced(
  prompts: { readonly typed: string; readonly enhanced: string },
  drafts: Drafts,
  text: Text,
): MessageView {
  const { tool, button } = text;
  return {
    content: '',
    embeds: [promptEmbed(text.yourPrompt, prompts.typed), promptEmbed(tool.enhanced, prompts.enhanced)],
    components: buttonRows([
      { action: 'try', subject: drafts.enhanced, label: tool.makeIt, emoji: '🎨', style: 'primary' },
      { action: 'draft', subject: drafts.enhanced, label: button.edit, emoji: '✏️' },
      useMine(drafts.typed, text),
    ]),
  };
}

/** Says why there is no rewritten prompt, and still offers the typed one, besides what may still bring an answer. Pure. */
export function renderNotEnhanced(
  { words, rescue = [] }: { readonly words: string; readonly rescue?: readonly ButtonLook[] },
  typed: string,
  draftId: string,
  text: Text,
): MessageView {
  const { button, yourPrompt } = text;
  return {
    content: words,
    embeds: [promptEmbed(yourPrompt, typed)],
    components: buttonRows([
      ...rescue,
      useMine(draftId, text),
      { action: 'draft', subject: draftId, label: button.edit, emoji: '✏️' },
    ]),
  };
}

function useMine(draftId: string, { tool }: Text): ButtonLook {
  return { action: 'try', subject: draftId, label: tool.useMine };
}

function promptEmbed(title: string, prompt: string) {
  return { color: ACCENT, title, description: shorten(literal(prompt.trim()), PROMPT_SHOWN_CHARACTERS) };
}
