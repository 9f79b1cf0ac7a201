import { resolutionLabel } from '../../services/request/models.ts';
import type { RuleField, ServerRules } from '../../services/request/server-rules.ts';
import { shorten } from '../../services/shorten.ts';
import { literal } from '../markdown.ts';
import type { Text } from '../text/index.ts';
import { toolLabel } from '../tools/label.ts';
import { channelMention, listed, modelLabel, roleMention, shownWord } from './shown.ts';

const REASON_SHOWN_CHARACTERS = 100;

/** The value of a rule in words, with at most `most` entries of a list. */
export function ruleValue(field: RuleField, rules: ServerRules, most: number, text: Text): string {
  const { noLimit, all, everywhere, none, hosts, no, yes } = text.rules;
  const list = (items: readonly string[], nothing: string) => listed(items, most, text.separator) || nothing;
  switch (field) {
    case 'models':
      return list(rules.models.map(modelLabel), all);
    case 'refusedTools':
      return list(toolLabels(rules, text), none);
    case 'maxResolution':
      return rules.maxResolution ? resolutionLabel(rules.maxResolution) : noLimit;
    case 'maxQuality':
      return rules.maxQuality ? text.quality[rules.maxQuality] : noLimit;
    case 'channels':
      return list(rules.channels.map(channelMention), everywhere);
    case 'refusedRoles':
    case 'exemptRoles':
      return list(rules[field].map(roleMention), none);
    case 'blockedWords':
      return list(rules.blockedWords.map(shownWord), none);
    case 'paused': {
      const reason = rules.paused?.reason;
      if (reason) return literal(shorten(reason, REASON_SHOWN_CHARACTERS));
      return rules.paused ? yes : no;
    }
    default:
      return rules[field] === null ? hosts : String(rules[field]);
  }
}

function toolLabels({ refusedTools }: ServerRules, text: Text): string[] {
  return refusedTools.map((id) => toolLabel(id, text) ?? literal(id));
}

/** The same as a whole line. */
export function ruleLine(field: RuleField, rules: ServerRules, text: Text): string {
  return text.rules.line(text.rules.field[field], ruleValue(field, rules, SHOWN_ENTRIES, text));
}

const SHOWN_ENTRIES = 10;
