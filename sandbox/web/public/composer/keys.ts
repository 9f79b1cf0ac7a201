import type { App } from '../app.ts';
import { Option as Kind } from '../kinds.ts';
import { sendAct } from '../send.ts';
import { nextIndex } from '../views/move-focus.ts';
import type { Completion } from './completions.ts';
import { addOption, beginCommand, emptyComposer, fill, focused, focusOn, removeOption } from './composer.ts';
import { pickFiles } from './files.ts';
import { updateAndFocus } from './focus.ts';
import { sendComposed } from './send.ts';

/** Handles the keys of the text field as Discord does. */
export function onComposerKey(app: App, event: KeyboardEvent, completions: readonly Completion[]): void {
  const handle = KEYS[event.key];
  if (event.isComposing || !handle || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!handle(app, event, completions)) return;
  event.preventDefault();
  updateAndFocus(app);
}

/** Returns whether it handled the key; otherwise the browser does. */
type Handle = (app: App, event: KeyboardEvent, completions: readonly Completion[]) => boolean;

const KEYS: Record<string, Handle> = {
  ArrowDown: moveInList,
  ArrowUp: (app, event, completions) => moveInList(app, event, completions) || recall(app),
  Tab: (app, { shiftKey }, completions) => {
    const { composer } = app.state;
    const completion = completions[composer.active];
    if (shiftKey) return false;
    if (completion) return takeLine(app, completion);
    if (!composer.command || composer.focus === undefined) return false;
    focusOn(composer, undefined);
    return true;
  },
  Enter: (app, { shiftKey }, completions) => {
    const { composer } = app.state;
    const completion = completions[composer.active];
    const isLookingForMore =
      composer.command && !composer.focus && composer.text === '' && !composer.hasMoved;
    if (shiftKey) return false;
    if (completion && !isLookingForMore) return takeLine(app, completion);
    const filled = focused(composer);
    if (filled?.option.type === Kind.Attachment && filled.value === undefined) return false;
    sendComposed(app);
    return true;
  },
  Escape: ({ state }, _event, completions) => {
    const { composer } = state;
    if (completions.length > 0) composer.isListOpen = false;
    else state.composer = emptyComposer();
    return true;
  },
  Backspace: ({ state }) => {
    const { composer } = state;
    const filled = focused(composer);
    const isEmpty = filled ? filled.text === '' || filled.value instanceof File : composer.text === '';
    if (!composer.command || !isEmpty) return false;
    removeOption(composer, filled?.option.name);
    return true;
  },
};

function moveInList(
  { state: { composer } }: App,
  { key }: KeyboardEvent,
  completions: readonly Completion[],
): boolean {
  const next = nextIndex(key, composer.active, completions.length);
  if (next === undefined) return false;
  composer.active = next;
  composer.hasMoved = true;
  document.getElementById(`offer-${next}`)?.scrollIntoView({ block: 'nearest' });
  return true;
}

/** Restores the last command in an empty text field, except for values from autocompletion. */
function recall({ state }: App): boolean {
  const { composer, lastCommand } = state;
  if (!lastCommand || composer.command || composer.text !== '') return false;
  const filled = lastCommand.filled.filter(
    ({ option }) => !('autocomplete' in option && option.autocomplete),
  );
  state.composer = { ...lastCommand, filled: filled.map((each) => ({ ...each })) };
  focusOn(state.composer, filled[0]?.option.name);
  return true;
}

/** Takes the clicked line of the list. */
export function take(app: App, completion: Completion): void {
  takeLine(app, completion);
  updateAndFocus(app);
}

function takeLine(app: App, completion: Completion): true {
  const { composer } = app.state;
  switch (completion.kind) {
    case 'command':
      beginCommand(composer, completion.path);
      break;
    case 'option': {
      const added = addOption(composer, completion.option);
      if (added.option.type === Kind.Attachment) pickFiles(app, added);
      break;
    }
    case 'choice': {
      const filled = focused(composer);
      if (filled) fill(composer, filled, completion.label, completion.value);
      break;
    }
  }
  return true;
}

/** Handles input in a field; the text itself has no name. */
export function typeInto(app: App, name: string, text: string): void {
  const { composer } = app.state;
  const filled = composer.filled.find(({ option }) => option.name === name);
  Object.assign(composer, { active: 0, hasMoved: false, isListOpen: true });
  delete composer.problem;
  if (filled) {
    filled.text = text;
    delete filled.value;
    if ('autocomplete' in filled.option && filled.option.autocomplete) void suggest(app, name, text);
  } else {
    composer.text = text;
  }
  app.update();
}

async function suggest(app: App, option: string, value: string): Promise<void> {
  const { composer, place } = app.state;
  const { command } = composer;
  if (!command) return;
  const { choices = [] } = await sendAct({
    kind: 'autocomplete',
    ...place,
    name: command.command.name,
    option,
    value,
  });
  if (app.state.composer !== composer || focused(composer)?.text !== value) return;
  composer.suggestions = choices;
  app.update();
}
