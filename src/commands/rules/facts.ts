import { resolutionLabel } from '../../services/request/models.ts';
import type { RuleField, ServerRules } from '../../services/request/server-rules.ts';
import { shorten } from '../../services/shorten.ts';
import { literal } from '../markdown.ts';
import type { Text } from '../text/index.ts';
import { channelMention, listed, modelLabel, roleMention, shownWord } from './shown.ts';

const REASON_SHOWN_CHARACTERS = 100;

/** The value of a rule in words, with at most `most` entries of a list. */
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

/** The same as a whole line. */
export function ruleLine(field: RuleField, rules: ServerRules, text: Text): string {
  return text.rules.line(text.rules.field[field], ruleValue(field, rules, SHOWN_ENTRIES, text));
}

const SHOWN_ENTRIES = 10;
