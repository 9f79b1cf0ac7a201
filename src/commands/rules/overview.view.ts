import { type HostLimits, stricter } from '../../services/request/limits.ts';
import { type ServerRules, serverLimits } from '../../services/request/server-rules.ts';
import { ACCENT } from '../accent.ts';
import { type ButtonLook, buttonRows, type MessageView } from '../components.ts';
import type { Text } from '../text/index.ts';
import { ruleLine } from './facts.ts';

/** Shows all rules of a server, with buttons to change them. Pure. */
export function renderRules(rules: ServerRules, host: HostLimits, text: Text): MessageView {
  const own = serverLimits(rules);
  const limits = (who: 'member' | 'server', allowed: HostLimits['person']) =>
    text.rules.line(text.rules.limitsOf[who], text.rules.limits(stricter(allowed, own[who]), host.unit));
  const lines = [
    ...(rules.paused ? [`⏸️ ${ruleLine('paused', rules, text)}`, ''] : []),
    ruleLine('models', rules, text),
    ruleLine('maxResolution', rules, text),
    ruleLine('maxQuality', rules, text),
    ruleLine('refusedTools', rules, text),
    '',
    ruleLine('refusedRoles', rules, text),
    ruleLine('channels', rules, text),
    ruleLine('blockedWords', rules, text),
    '',
    limits('member', host.person),
    limits('server', host.server),
    ruleLine('exemptRoles', rules, text),
  ];
  return {
    content: '',
    embeds: [{ color: ACCENT, title: text.rules.title, description: lines.join('\n') }],
    components: buttonPairs(rules, text).flatMap(buttonRows),
  };
}

/** Two buttons in a row, because a phone would wrap longer rows unevenly. */
function buttonPairs({ paused }: ServerRules, { button }: Text): ButtonLook[][] {
  return [
    [
      { action: 'rules', subject: 'images', label: button.imageRules },
      { action: 'rules', subject: 'people', label: button.peopleRules },
    ],
    [
      { action: 'limits', subject: 'member', label: button.memberLimits },
      { action: 'limits', subject: 'server', label: button.serverLimits },
    ],
    [
      { action: 'words', subject: 'list', label: button.words },
      { action: 'rule-changes', subject: '1', label: button.ruleChanges },
    ],
    [
      paused
        ? { action: 'resume', subject: null, label: button.resume, emoji: '▶️', style: 'primary' }
        : { action: 'pause', subject: null, label: button.pause, emoji: '⏸️' },
      { action: 'reset-rules', subject: null, label: button.reset },
    ],
  ];
}

/** Asks before all rules are reset. Pure. */
export function renderResetQuestion(text: Text): MessageView {
  return {
    content: '',
    embeds: [{ color: ACCENT, title: text.rules.title, description: text.rules.confirmReset }],
    components: buttonRows([
      { action: 'reset-rules-now', subject: null, label: text.button.resetNow, style: 'danger' },
      backButton(text),
    ]),
  };
}

/** Leads back to all rules. */
export function backButton({ button }: Text): ButtonLook {
  return { action: 'rules', subject: 'all', label: button.back, emoji: '◀️' };
}
