import { MODEL_IDS, modelOf, resolutionLabel } from '../../services/models.ts';
import type { RuleField, ServerRules } from '../../services/server-rules.ts';
import { shorten } from '../../services/shorten.ts';
import { literal } from '../markdown.ts';
import type { Text } from '../text/index.ts';

const WORD_SHOWN_CHARACTERS = 40;
const REASON_SHOWN_CHARACTERS = 100;

/** What a rule says, of a list no more than `most` entries. */
export function ruleValue(field: RuleField, rules: ServerRules, most: number, text: Text): string {
  const { noLimit, all, everywhere, none, hosts, no, yes } = text.rules;
  switch (field) {
    case 'models':
      return listed(rules.models.map(modelLabel), most, text.separator) || all;
    case 'maxResolution':
      return rules.maxResolution ? resolutionLabel(rules.maxResolution) : noLimit;
    case 'maxQuality':
      return rules.maxQuality ? text.quality[rules.maxQuality] : noLimit;
    case 'channels':
      return listed(rules.channels.map(channelMention), most, text.separator) || everywhere;
    case 'refusedRoles':
    case 'exemptRoles':
      return listed(rules[field].map(roleMention), most, text.separator) || none;
    case 'blockedWords':
      return listed(rules.blockedWords.map(shownWord), most, text.separator) || none;
    case 'paused': {
      const reason = rules.paused?.reason;
      if (reason) return literal(shorten(reason, REASON_SHOWN_CHARACTERS));
      return rules.paused ? yes : no;
    }
    default:
      return rules[field] === null ? hosts : String(rules[field]);
  }
}

/** The same as a line of its own. */
export function ruleLine(field: RuleField, rules: ServerRules, text: Text): string {
  return text.rules.line(text.rules.field[field], ruleValue(field, rules, SHOWN_ENTRIES, text));
}

const SHOWN_ENTRIES = 10;

export function listed(items: readonly string[], most: number, separator: string): string {
  const rest = items.length - most;
  return [...items.slice(0, most), ...(rest > 0 ? [`+${rest}`] : [])].join(separator);
}

export function shownWord(word: string): string {
  return literal(shorten(word, WORD_SHOWN_CHARACTERS));
}

export function channelMention(id: string): string {
  return `<#${id}>`;
}

export function roleMention(id: string): string {
  return `<@&${id}>`;
}

/** A model that this version doesn't know has no label but what was written for it. */
export function modelLabel(id: string): string {
  const known = MODEL_IDS.find((each) => each === id);
  return known ? modelOf(known).label : literal(id);
}
