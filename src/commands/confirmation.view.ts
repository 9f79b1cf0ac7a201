import type { Draft } from '../services/ledger/drafts.ts';
import { shorten } from '../services/shorten.ts';
import { ACCENT } from './accent.ts';
import { buttonRows, type MessageView } from './components.ts';
import { settingsLine } from './facts.ts';
import { literal } from './markdown.ts';
import type { Text } from './text/index.ts';

const PROMPT_SHOWN_CHARACTERS = 300;

/** Asks before many images are made, saying what that would be. Pure. */
export function renderConfirmation(draftId: string, { request }: Draft, text: Text): MessageView {
  const prompt = literal(shorten(request.prompt.trim(), PROMPT_SHOWN_CHARACTERS));
  const question = text.confirm(request.count, settingsLine(request, text));
  return {
    content: '',
    embeds: [{ color: ACCENT, description: `${question}\n\n${prompt}` }],
    components: buttonRows([
      { action: 'confirm', subject: draftId, label: text.button.make(request.count), style: 'primary' },
      { action: 'dismiss', subject: draftId, label: text.button.dismiss },
    ]),
  };
}
