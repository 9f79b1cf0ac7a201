import { type APIMessage, ComponentType } from 'discord-api-types/v10';
import type { Discord, RecordedRequest as DiscordRequest, Message } from '../discord/index.ts';
import { type AnyComponent, walkComponents } from '../discord/world/components.ts';
import type { RecordedRequest as JimmyAiRequest, Task } from '../jimmyai/index.ts';
import type { ShownMessage, ShownRequest, ShownTask, ShownTexts } from './protocol.ts';
import { readText } from './read-text.ts';
import type { Redact } from './redact.ts';

export function showMessage(message: Message, discord: Discord): ShownMessage {
  const shown = discord.shown(message);
  return {
    message: shown,
    visibleTo: message.visibleTo,
    ...readTexts(shown),
    forwarded: (shown.message_snapshots ?? []).map((snapshot) => readTexts(snapshot.message)),
  };
}

function readTexts({
  content,
  embeds,
  components = [],
}: Pick<APIMessage, 'content' | 'embeds' | 'components'>): ShownTexts {
  const all = walkComponents(components as unknown as AnyComponent[], []);
  return {
    content: readText(content),
    embeds: embeds.map(({ title, description, fields = [] }) => ({
      title: readText(title),
      description: readText(description),
      fields: fields.map(({ name, value }) => ({ name: readText(name), value: readText(value) })),
    })),
    displays: Object.fromEntries(
      all.flatMap(({ component: { type, id, content } }) =>
        type === ComponentType.TextDisplay ? [[id, readText(String(content))]] : [],
      ),
    ),
  };
}

/** A request for the page. Pass `now` if it was answered just now. */
export function showRequest(
  request: DiscordRequest | JimmyAiRequest,
  redact: Redact,
  now: number = request.at,
): ShownRequest {
  const { method, path, at, status, code, body } = request;
  const files = 'files' in request && request.files.length > 0 ? { files: request.files } : {};
  const content = body === undefined && !('files' in files) ? undefined : { ...(body as object), ...files };
  return {
    to: 'interactionToken' in request ? 'Discord' : 'JimmyAI',
    at,
    tookMs: now - at,
    method,
    path: redact(decodeURI(path).replaceAll('%40', '@')),
    status,
    code,
    body: content === undefined ? '' : redact(JSON.stringify(content, shortened, 2)),
  };
}

export function showTask({
  id,
  request,
  status,
  progress,
  misbehaviour,
  queries,
  downloads,
}: Task): ShownTask {
  const { model, prompt } = request;
  return {
    id,
    model,
    prompt,
    status,
    progress,
    misbehaviour: misbehaviour?.kind ?? null,
    queries,
    downloads,
  };
}

const LONGEST_STRING = 300;

function shortened(_key: string, value: unknown): unknown {
  if (typeof value !== 'string' || value.length <= LONGEST_STRING) return value;
  return `${value.slice(0, LONGEST_STRING)}… (${value.length.toLocaleString('en')} characters)`;
}
