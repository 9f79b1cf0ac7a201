import { createHash } from 'node:crypto';
import {
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  TextInputStyle,
} from 'discord.js';
import type { Limits, Unit } from '../../services/request/limits.ts';
import type { ServerRules } from '../../services/request/server-rules.ts';
import { encodeCustomId } from '../custom-id.ts';
import type { Text } from '../text/index.ts';

export const LIMIT_FIELDS = {
  member: ['memberRunning', 'memberWaiting', 'memberPerDay'],
  server: ['serverRunning', 'serverWaiting', 'serverPerDay'],
} as const;
export type LimitsOf = keyof typeof LIMIT_FIELDS;

const LIMIT_MAX_CHARACTERS = 6;
const REASON_MAX_CHARACTERS = 200;
/** Discord's limit for a text field of a modal. */
export const WORDS_MAX_CHARACTERS = 4000;
const FINGERPRINT_CHARACTERS = 16;

/** A form for a server's own limits. Its id carries the shown values, which tell changed fields from unchanged ones. */
export function limitsModal(
  of: LimitsOf,
  rules: ServerRules,
  host: Limits,
  unit: Unit,
  text: Text,
): APIModalInteractionResponseCallbackData {
  const fields = LIMIT_FIELDS[of];
  const shown = fields.map((field) => rules[field] ?? '').join(',');
  const hosts = [host.running, host.waiting, host.perDay];
  const { limitsOf, limit, openLimit, noLimit } = text.rules;
  const labels = limit(unit);
  return {
    custom_id: encodeCustomId({ action: 'limits', subject: of, detail: shown }),
    title: limitsOf[of],
    components: fields.map((field, index) => {
      const hint = openLimit(hosts[index] === null ? noLimit : String(hosts[index]));
      return textField(field, labels[index] ?? '', hint, rules[field] ?? '', LIMIT_MAX_CHARACTERS);
    }),
  };
}

/** A form for the blocked words. Its id carries a fingerprint of the shown list, for the same reason. */
export function wordsModal(
  subject: string | null,
  { blockedWords }: ServerRules,
  { rules }: Text,
): APIModalInteractionResponseCallbackData {
  const words = blockedWords.join('\n');
  const field = textField('words', rules.wordsField, rules.wordsHint, words, WORDS_MAX_CHARACTERS);
  return {
    custom_id: encodeCustomId({ action: 'words', subject, detail: fingerprintOf(blockedWords) }),
    title: rules.field.blockedWords,
    components: [inParagraphs(field)],
  };
}

/** A fingerprint that tells lists of words apart, short enough for a custom id. */
export function fingerprintOf(words: readonly string[]): string {
  return createHash('sha256').update(words.join('\n')).digest('hex').slice(0, FINGERPRINT_CHARACTERS);
}

/** Asks for a reason before images are paused. */
export function pauseModal({ rules }: Text): APIModalInteractionResponseCallbackData {
  return {
    custom_id: encodeCustomId({ action: 'pause', subject: null }),
    title: rules.pauseTitle,
    components: [textField('reason', rules.reason, rules.reasonHint, '', REASON_MAX_CHARACTERS)],
  };
}

function textField(name: string, label: string, description: string, value: string | number, max: number) {
  return {
    type: ComponentType.Label,
    label,
    description,
    component: {
      type: ComponentType.TextInput,
      custom_id: name,
      style: TextInputStyle.Short,
      required: false,
      max_length: max,
      ...(value !== '' && { value: String(value) }),
    },
  } satisfies APILabelComponent;
}

function inParagraphs(field: ReturnType<typeof textField>): APILabelComponent {
  return { ...field, component: { ...field.component, style: TextInputStyle.Paragraph } };
}
