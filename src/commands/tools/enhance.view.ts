import { shorten } from '../../services/shorten.ts';
import { ACCENT } from '../accent.ts';
import { type ButtonLook, buttonRows, type MessageView } from '../components.ts';
import { literal } from '../markdown.ts';
import type { Text } from '../text/index.ts';

/** Discord allows 6000 characters in all embeds of a message together. */
const PROMPT_SHOWN_CHARACTERS = 2900;

/** The drafts of the typed and of the rewritten prompt; null if that one couldn't be stored. */
interface Drafts {
  readonly typed: string;
  readonly enhanced: string | null;
}

/** Shows the rewritten prompt beside the typed one, before anything is made. Pure. */
export function renderEnhanced(
  prompts: { readonly typed: string; readonly enhanced: string },
  drafts: Drafts,
  text: Text,
): MessageView {
  const { tool, button } = text;
  const ofEnhanced: ButtonLook[] =
    drafts.enhanced === null
      ? []
      : [
          { action: 'try', subject: drafts.enhanced, label: tool.makeIt, emoji: '🎨', style: 'primary' },
          { action: 'draft', subject: drafts.enhanced, label: button.edit, emoji: '✏️' },
        ];
  return {
    content: '',
    embeds: [promptEmbed(text.yourPrompt, prompts.typed), promptEmbed(tool.enhanced, prompts.enhanced)],
    components: buttonRows([...ofEnhanced, useMine(drafts.typed, text)]),
  };
}

/** Says why there is no rewritten prompt, and still offers the typed one. Pure. */
export function renderNotEnhanced(words: string, typed: string, draftId: string, text: Text): MessageView {
  const { button, yourPrompt } = text;
  return {
    content: words,
    embeds: [promptEmbed(yourPrompt, typed)],
    components: buttonRows([
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
