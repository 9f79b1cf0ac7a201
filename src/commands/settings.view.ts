import { type Offer, withDefaults } from '../services/request/defaults.ts';
import { findShapeProblem } from '../services/request/request.ts';
import { chooseWithin, type ServerRules } from '../services/request/server-rules.ts';
import type { Settings } from '../services/request/settings.ts';
import { ACCENT } from './accent.ts';
import { buttonRows, type MessageView } from './components.ts';
import { settingsLine } from './facts.ts';
import type { Text } from './text/index.ts';

/** Shows a person's settings, what they result in under the rules of this server, and buttons to change them. Pure. */
export function renderSettings(
  settings: Settings,
  offer: Offer,
  rules: ServerRules,
  text: Text,
): MessageView {
  const { notify, notifyAfterSeconds } = settings;
  const chosen = withDefaults({}, settings, offer);
  const here = chooseWithin(rules, {}, settings, offer);
  // If the model can't make the chosen defaults, plain /imagine makes something else.
  const problem = findShapeProblem({
    ...chosen,
    ...(settings.ratio && { ratio: settings.ratio }),
    ...(settings.resolution && { resolution: settings.resolution }),
  });
  const visibility = settings.private ? text.modal.onlyMe : text.modal.everyone;
  const isDelayed = notify !== 'off' && notifyAfterSeconds > 0;
  const lines = [
    text.settings.defaults,
    `**${settingsLine(chosen, text)}**`,
    ...(problem ? [`-# ${text.problem(problem)}`] : []),
    ...(here.adapted ? [`-# ${text.settings.here(settingsLine(here.chosen, text))}`] : []),
    text.settings.line(text.modal.private, visibility),
    '',
    [text.settings.notify[notify], ...(isDelayed ? [text.settings.after(notifyAfterSeconds)] : [])].join(' '),
  ];
  return {
    content: '',
    embeds: [{ color: ACCENT, title: text.settings.title, description: lines.join('\n') }],
    components: buttonRows([
      { action: 'defaults', subject: null, label: text.button.defaults },
      { action: 'notices', subject: null, label: text.button.notices },
      { action: 'reset', subject: null, label: text.button.reset },
    ]),
  };
}
