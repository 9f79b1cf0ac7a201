import type { App } from '../app.ts';
import { sendAct } from '../send.ts';
import type { Unanswered } from '../state.ts';
import { type Composer, emptyComposer, focusOn } from './composer.ts';
import { knownTo, updateAndFocus } from './focus.ts';
import { readCommand } from './read-command.ts';

/** Sends the content of the text field: a command or a message. */
export function sendComposed(app: App): void {
  const { composer } = app.state;
  if (composer.command) void sendCommand(app, composer);
  else void say(app, composer);
}

async function sendCommand(app: App, composer: Composer): Promise<void> {
  const { state } = app;
  const { command } = composer;
  const read = readCommand(composer, knownTo(app));
  if (!command) return;
  if ('problem' in read) {
    focusOn(composer, read.option);
    composer.problem = read.problem;
    updateAndFocus(app);
    return;
  }
  state.lastCommand = composer;
  state.composer = emptyComposer();
  const waiting = wait(app, command.label);
  const { subcommand } = command;
  const { refused, failed, modal } = await sendAct(
    {
      kind: 'command',
      ...waiting.place,
      name: command.command.name,
      ...(subcommand !== undefined && { subcommand }),
      options: read.options,
    },
    read.files,
  );
  if (failed !== undefined) waiting.problem = failed;
  else state.unanswered = state.unanswered.filter(({ id }) => id !== waiting.id);
  if (refused !== undefined) state.composer = { ...composer, problem: refused };
  if (modal) state.modal = { form: modal };
  if (refused === undefined) app.update();
  else updateAndFocus(app);
}

async function say(app: App, composer: Composer): Promise<void> {
  const { text, files } = composer;
  if (text.trim() === '' && files.length === 0) return;
  app.state.composer = emptyComposer();
  const sent = new Map(files.map((file, index) => [String(index), file]));
  const { refused } = await sendAct(
    { kind: 'say', ...app.state.place, content: text, files: [...sent.keys()].map((file) => ({ file })) },
    sent,
  );
  if (refused !== undefined) app.state.composer = { ...composer, problem: refused };
  app.update();
}

function wait({ state }: App, commandName: string): Unanswered {
  const sentAt = Date.now() + state.clockAheadMs;
  const id = (state.unanswered.at(-1)?.id ?? 0) + 1;
  const waiting: Unanswered = { id, place: { ...state.place }, commandName, sentAt };
  state.unanswered = [...state.unanswered, waiting];
  return waiting;
}
