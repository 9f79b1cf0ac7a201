import type { OfferedCommands, PageEvent, Place, ShownMessage, ShownModal, Snapshot } from '../protocol.ts';
import { type Composer, emptyComposer } from './composer/composer.ts';

/** A command without a first answer. The conversation shows it until the answer comes, or for good if none does. */
export interface Unanswered {
  readonly id: number;
  readonly place: Place;
  readonly commandName: string;
  readonly sentAt: number;
  problem?: string;
}

/** Everything that the page draws. */
export interface State {
  /** The sandbox's snapshot; undefined until it arrives. */
  sandbox?: Snapshot;
  isConnected: boolean;
  /** How far the sandbox's clock is ahead of this machine's. */
  clockAheadMs: number;
  place: Place;
  /** The commands that the bot offers in this place. */
  commands: OfferedCommands;
  composer: Composer;
  lastCommand?: Composer;
  unanswered: Unanswered[];
  /** Components with an interaction under way, by message and custom id. */
  busy: Set<string>;
  /** Messages with a component that got no answer. */
  failedMessages: Set<string>;
  dismissed: Set<string>;
  modal?: { form: ShownModal; problem?: string };
  enlarged?: { url: string; name: string; alt: string; detail: string };
  menu?: { messageId: string; x: number; y: number };
  isSidebarOpen: boolean;
  panel: 'requests' | 'tasks' | 'switches' | null;
}

export function initialState(): State {
  return {
    isConnected: false,
    clockAheadMs: 0,
    place: { userId: '', channelId: '', locale: 'en-US', userInstalled: false },
    commands: [],
    composer: emptyComposer(),
    unanswered: [],
    busy: new Set(),
    failedMessages: new Set(),
    dismissed: new Set(),
    isSidebarOpen: false,
    panel: null,
  };
}

/** Applies an event from the sandbox. */
export function apply(state: State, event: PageEvent): void {
  if (event.kind === 'snapshot') {
    state.sandbox = event.snapshot;
    state.clockAheadMs = event.snapshot.now - Date.now();
    state.place = validPlace(state.place, event.snapshot);
    return;
  }
  const { sandbox } = state;
  if (!sandbox) return;
  switch (event.kind) {
    case 'message':
      sandbox.messages = withMessage(sandbox.messages, event.message);
      state.failedMessages.delete(event.message.message.id);
      return;
    case 'messageDelete':
      sandbox.messages = sandbox.messages.filter(({ message }) => message.id !== event.id);
      return;
    case 'request':
      sandbox.requests.push(event.request);
      return;
    case 'tasks':
      sandbox.tasks = event.tasks;
      return;
    case 'bot':
      sandbox.botState = event.botState;
      return;
  }
}

/** The messages that this page's person sees in their channel. */
export function visibleMessages({ sandbox, place, dismissed }: State): ShownMessage[] {
  return (sandbox?.messages ?? []).filter(
    ({ message, visibleTo }) =>
      message.channel_id === place.channelId &&
      (visibleTo === null || visibleTo === place.userId) &&
      !dismissed.has(message.id),
  );
}

function withMessage(messages: ShownMessage[], next: ShownMessage): ShownMessage[] {
  const isKnown = messages.some(({ message }) => message.id === next.message.id);
  return isKnown
    ? messages.map((known) => (known.message.id === next.message.id ? next : known))
    : [...messages, next];
}

/** If the sandbox restarts while a page is open, the ids change. */
function validPlace(place: Place, { people, channels }: Snapshot): Place {
  const person = people.find(({ id }) => id === place.userId) ?? people[0];
  const channel = channels.find(({ id }) => id === place.channelId) ?? channels[0];
  return { ...place, userId: person?.id ?? '', channelId: channel?.id ?? '' };
}
