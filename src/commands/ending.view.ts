import type { JobState } from '../services/generations/job.ts';
import { type EndReason, referenceNumber, type Task } from '../services/ledger/rows.ts';
import type { ImageRequest } from '../services/request/request.ts';
import { isTextTool } from '../services/request/tools.ts';
import { shorten } from '../services/shorten.ts';
import { hasImage, readFault } from './facts.ts';
import { quote } from './markdown.ts';
import type { Text } from './text/index.ts';

/** Four endings must fit into one reply, together with everything else. */
const WORDS_SHOWN_CHARACTERS = { one: 300, each: 100 };
const LINK_MAX_CHARACTERS = { one: 1000, each: 450 };

/** The lines that tell why images are missing; none when all are there. */
export function endingLines(state: JobState, text: Text): string[] {
  const rows = state.tasks.map(({ row }) => row);
  const ended = rows.filter((row) => !hasImage(row));
  const [first] = ended;
  if (!first) return [];
  const isOneStory = ended.length === rows.length && ended.every((row) => tells(row) === tells(first));
  const told = isOneStory ? [first] : ended;
  const room = rows.length === 1 ? 'one' : 'each';
  const { tool } = state.generation.request;
  const words = tool ? ofTool(tool, text) : text;
  return [
    ...told.flatMap((row) => endedLines(row, isOneStory ? null : rows.indexOf(row) + 1, room, words)),
    ...ended.flatMap((row) => originalLink(row, room, text)),
    // Nothing went wrong if the person cancelled.
    ...(ended.some(({ state }) => state !== 'cancelled') ? [referenceLine(state, text)] : []),
  ];
}

/** Some things have to be said differently about a tool. */
function ofTool(tool: NonNullable<ImageRequest['tool']>, text: Text): Text {
  const { ended, noAnswer } = text.tool;
  return { ...text, ended: { ...text.ended, ...ended, ...(isTextTool(tool) && noAnswer) } };
}

/** The number that the person can tell the operator, who finds it in the log. */
export function referenceLine({ generation }: JobState, text: Text): string {
  return `-# ${text.reference(referenceNumber(generation.id))}`;
}

/** The room for one ending, or for each of several. */
type Room = 'one' | 'each';

/** A link to the image at the service, if its URL is safe to show to a person. */
export function originalLink({ imageUrl, reason }: Task, room: Room, text: Text): string[] {
  const url = imageUrl === null ? null : URL.parse(imageUrl);
  if (!url?.protocol.startsWith('http') || url.username || (reason && LEADS_NOWHERE.has(reason))) return [];
  const address = url.href.replaceAll('(', '%28').replaceAll(')', '%29');
  return address.length > LINK_MAX_CHARACTERS[room] ? [] : [text.original(address)];
}

const LEADS_NOWHERE: ReadonlySet<EndReason> = new Set(['image-gone', 'image-expired', 'image-forbidden']);

function tells({ state, reason, serviceWords }: Task): string {
  return JSON.stringify([state, reason, serviceWords]);
}

function endedLines(row: Task, number: number | null, room: Room, text: Text): string[] {
  const reason = row.reason ?? 'model-failed';
  const isAboutReference = reason.startsWith('reference-');
  const why = text.ended[reason].replace('{image}', isAboutReference ? whichReference(row, text) : '');
  const sentence = number === null ? why : text.image(number, why);
  if (row.state === 'cancelled') return [`✖️ ${sentence}`];
  const words = isAboutReference ? null : row.serviceWords;
  return [`⚠️ ${sentence}`, ...(words ? quoted(words, room, text) : [])];
}

/** The service's own words, with an explanation if the reader may not understand them. */
function quoted(words: string, room: Room, text: Text): string[] {
  const gloss = text.gloss(words);
  const shown = quote(shorten(words, WORDS_SHOWN_CHARACTERS[room]));
  return gloss === null ? [shown] : [shown, `-# ${gloss}`];
}

/** Names the reference by its number. Others see this, so its file name isn't shown. */
function whichReference(row: Task, text: Text): string {
  const fault = readFault(row);
  if (!fault) return text.someReference;
  const reference = text.nthReference(fault.number);
  return fault.format ? `${reference} (${fault.format})` : reference;
}
