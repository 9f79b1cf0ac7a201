import { type APIStringSelectComponent, ComponentType } from 'discord.js';
import { modelOf, resolutionLabel } from '../services/request/models.ts';
import type { RequestProblem } from '../services/request/request.ts';
import type { RuleProblem } from '../services/request/server-rules.ts';
import type { Change } from '../services/request/ways-out.ts';
import { encodeChange } from './change.ts';
import { type ButtonLook, type ButtonRow, buttonRows, type MessageView } from './components.ts';
import { DETAIL_MAX_CHARACTERS, encodeCustomId } from './custom-id.ts';
import type { Text } from './text/index.ts';

/** Besides the button that opens the form. */
const BUTTONS = 4;

/**
 * Tells why a request can't be made as it is, and offers every change that helps: the nearest of each kind as buttons,
 * the others in a menu, and the form for everything else. Pure.
 */
export function renderProblem(
  draftId: string,
  { problem, ways }: { problem: RequestProblem | RuleProblem; ways: readonly Change[] },
  text: Text,
): MessageView {
  // A menu's values have more room than a button's id.
  const short = ways.filter((way) => encodeChange(way).length <= DETAIL_MAX_CHARACTERS);
  const foremost = inOrderOfUse(short).slice(0, BUTTONS);
  const others = ways.filter((way) => !foremost.includes(way));
  return {
    content: text.problem(problem),
    embeds: [],
    components: [
      ...buttonRows([...foremost.map((way) => wayButton(draftId, way, text)), editButton(draftId, text)]),
      ...(others.length > 0 ? [wayMenu(draftId, others, text)] : []),
    ],
  };
}

/** The first of each kind, then the second of each, and so on. */
function inOrderOfUse(ways: readonly Change[]): Change[] {
  const seen = new Map<string, number>();
  const turns = ways.map((way) => {
    const kind = Object.keys(way).join();
    const turn = seen.get(kind) ?? 0;
    seen.set(kind, turn + 1);
    return { way, turn };
  });
  return turns.sort((a, b) => a.turn - b.turn).map(({ way }) => way);
}

function wayButton(draftId: string, way: Change, text: Text): ButtonLook {
  return { action: 'way', subject: draftId, detail: encodeChange(way), label: wayLabel(way, text) };
}

function wayMenu(draftId: string, ways: readonly Change[], text: Text): ButtonRow {
  const menu: APIStringSelectComponent = {
    type: ComponentType.StringSelect,
    custom_id: encodeCustomId({ action: 'way', subject: draftId }),
    placeholder: text.way.others,
    options: ways.map((way) => ({ value: encodeChange(way), label: wayLabel(way, text) })),
  };
  return { type: ComponentType.ActionRow, components: [menu] };
}

function wayLabel({ model, ratio, resolution, quality, transparent }: Change, { way }: Text): string {
  const parts = [
    model && way.model(modelOf(model).label),
    resolution && way.resolution(resolutionLabel(resolution)),
    ratio && way.ratio(ratio),
    quality && way.quality(quality),
    transparent === false && way.opaque,
  ].filter((part) => typeof part === 'string');
  return way.make(parts);
}

function editButton(draftId: string, { button }: Text): ButtonLook {
  return { action: 'draft', subject: draftId, label: button.edit, emoji: '✏️' };
}
