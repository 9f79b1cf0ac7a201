import type { App } from '../app.ts';
import { Option as Kind } from '../kinds.ts';
import { addOption, type Composer, type Filled, fill, focused, optionsLeft } from './composer.ts';
import { updateAndFocus } from './focus.ts';

/** Opens the file dialog for an option or a message. */
export function pickFiles(app: App, filled?: Filled): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = filled === undefined;
  input.accept = filled ? acceptedBy(filled) : '';
  input.addEventListener('change', () => {
    for (const file of input.files ?? []) give(app, file, filled);
  });
  input.click();
}

/** Takes pasted or dropped files. */
export function takeFiles(app: App, event: Event, transfer: DataTransfer | null): void {
  const files = [...(transfer?.files ?? [])];
  if (files.length === 0) return;
  event.preventDefault();
  for (const file of files) give(app, file, waitingForFile(app.state.composer));
}

function give(app: App, file: File, filled: Filled | undefined): void {
  const { composer } = app.state;
  if (filled) fill(composer, filled, file.name, file);
  else if (!composer.command) composer.files = [...composer.files, file];
  else composer.problem = 'This command takes no further file.';
  updateAndFocus(app);
}

/** The attachment option for a file: the one with the focus, or the next without a file. */
function waitingForFile(composer: Composer): Filled | undefined {
  const here = focused(composer);
  if (here?.option.type === Kind.Attachment) return here;
  const empty = composer.filled.find(
    ({ option, value }) => option.type === Kind.Attachment && value === undefined,
  );
  const next = optionsLeft(composer).find(({ type }) => type === Kind.Attachment);
  return empty ?? (next && addOption(composer, next));
}

function acceptedBy({ option }: Filled): string {
  const types = (option as { file_types?: readonly string[] }).file_types ?? [];
  return types.map((type) => (type === 'image' ? 'image/*' : type)).join(',');
}
