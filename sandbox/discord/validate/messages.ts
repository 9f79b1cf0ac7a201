import {
  type APIAllowedMentions,
  type APIEmbed,
  MessageFlags,
  type RESTPostAPIChannelMessageJSONBody,
} from 'discord-api-types/v10';
import type { ZodMiniType } from 'zod/mini';
import { type FieldError, invalidFormBody } from '../errors.ts';
import type { AnyComponent } from '../world/components.ts';
import { componentErrors } from './components.ts';
import { schemaErrors } from './schema.ts';

/** A message in a request. In an edit, omitted fields stay unchanged. */
export type MessageBody = {
  [Key in keyof RESTPostAPIChannelMessageJSONBody]?: RESTPostAPIChannelMessageJSONBody[Key] | null;
};

type Path = readonly (string | number)[];

/**
 * Checks a message as Discord does on create and edit, first by the OpenAPI description, then by the rules that it
 * lacks. `path` leads to the message within the request (`data` in a callback). @throws {DiscordError} 50035.
 */
export function checkMessage(schema: ZodMiniType, value: unknown, path: Path = []): MessageBody {
  const coerced = withIdsAsText(value);
  const errors = schemaErrors(schema, coerced, path);
  if (errors.length > 0) throw invalidFormBody(errors);
  const body = coerced as MessageBody;
  const isV2 = ((body.flags ?? 0) & MessageFlags.IsComponentsV2) !== 0;
  const components = (body.components ?? []) as unknown as AnyComponent[];
  errors.push(
    ...contentErrors(body, path),
    ...embedErrors(body.embeds ?? [], [...path, 'embeds']),
    ...componentErrors(components, [...path, 'components'], { isV2 }),
    ...mentionErrors(body.allowed_mentions, [...path, 'allowed_mentions']),
    ...(isV2 ? legacyFieldErrors(body, path) : []),
  );
  if (errors.length > 0) throw invalidFormBody(errors);
  return body;
}

const CONTENT_LIMIT = 2000;
const EMBEDS_LIMIT = 6000;

/** A file's id may be sent as the number of its part; the description knows only text. */
function withIdsAsText(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (!('attachments' in value) || !Array.isArray(value.attachments)) return value;
  const attachments = value.attachments.map((entry: unknown) =>
    typeof entry === 'object' && entry !== null && 'id' in entry && typeof entry.id === 'number'
      ? { ...entry, id: String(entry.id) }
      : entry,
  );
  return { ...value, attachments };
}

/** The description allows 4000, which only people with Nitro have. */
function contentErrors({ content }: MessageBody, path: Path): FieldError[] {
  return (content?.length ?? 0) > CONTENT_LIMIT
    ? [
        {
          path: [...path, 'content'],
          code: 'BASE_TYPE_MAX_LENGTH',
          message: `Must be ${CONTENT_LIMIT} or fewer in length.`,
        },
      ]
    : [];
}

function embedErrors(embeds: readonly APIEmbed[], path: Path): FieldError[] {
  const errors: FieldError[] = embeds.flatMap((embed, index) =>
    isEmpty(embed)
      ? [
          {
            path: [...path, index, 'description'],
            code: 'BASE_TYPE_REQUIRED',
            message: 'This field is required',
          },
        ]
      : [],
  );
  const characters = embeds.flatMap(textsOf).reduce((total, text) => total + (text?.length ?? 0), 0);
  if (characters > EMBEDS_LIMIT) {
    const message = `Embed size exceeds maximum size of ${EMBEDS_LIMIT}`;
    errors.push({ path, code: 'MAX_EMBED_SIZE_EXCEEDED', message });
  }
  return errors;
}

function textsOf(embed: APIEmbed): (string | undefined)[] {
  const fields = (embed.fields ?? []).flatMap(({ name, value }) => [name, value]);
  return [embed.title, embed.description, embed.footer?.text, embed.author?.name, ...fields];
}

function isEmpty(embed: APIEmbed): boolean {
  return !textsOf(embed).some(Boolean) && !embed.image?.url && !embed.thumbnail?.url;
}

function mentionErrors(allowed: APIAllowedMentions | null | undefined, path: Path): FieldError[] {
  return (['users', 'roles'] as const).flatMap((kind) =>
    (allowed?.parse as readonly string[] | undefined)?.includes(kind) && (allowed?.[kind]?.length ?? 0) > 0
      ? [
          {
            path,
            code: 'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
            message: `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
          },
        ]
      : [],
  );
}

function legacyFieldErrors(body: MessageBody, path: Path): FieldError[] {
  return (['content', 'embeds', 'poll'] as const).flatMap((field) => {
    const value = body[field];
    return value && (!Array.isArray(value) || value.length > 0)
      ? [
          {
            path: [...path, field],
            code: 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
            message: `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
          },
        ]
      : [];
  });
}
