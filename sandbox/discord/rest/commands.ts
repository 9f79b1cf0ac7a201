import {
  ApplicationCommandCreateRequestSchema,
  ApplicationCommandPatchRequestPartialSchema,
  ApplicationCommandUpdateRequestSchema,
} from 'discord-api-spec/zod';
import { type APIApplicationCommand, ApplicationCommandType } from 'discord-api-types/v10';
import { missingAccess, unknownApplication, unknownCommand } from '../errors.ts';
import { type CommandBody, checkCommand, checkCommands } from '../validate/commands.ts';
import type { World } from '../world/world.ts';
import { type Call, noContent, ok, type Reply, type Route, type RouteContext } from './route.ts';

/** A global command has no guild. */
type Scope = string | undefined;

/** Registration of commands, everywhere and in one guild (docs: interactions/application-commands). */
export function commandRoutes({ world }: RouteContext): Route[] {
  return [
    ...scoped(world, '/applications/{application_id}/commands', () => undefined),
    ...scoped(world, '/applications/{application_id}/guilds/{guild_id}/commands', (call) => {
      const guildId = call.param('guild_id');
      if (!world.guilds.get(guildId)?.members.has(world.bot.id)) throw missingAccess();
      return guildId;
    }),
  ];
}

function scoped(world: World, template: string, guildOf: (call: Call) => Scope): Route[] {
  const one = `${template}/{command_id}`;
  const route = (
    method: Route['method'],
    path: string,
    handle: (scope: Scope, call: Call) => Reply,
  ): Route => ({
    method,
    template: path,
    auth: 'bot',
    handle(call) {
      if (call.param('application_id') !== world.bot.id) throw unknownApplication();
      return handle(guildOf(call), call);
    },
  });
  const found = (scope: Scope, call: Call) => {
    const command = world.commands.get(call.param('command_id'));
    if (!command || command.guild_id !== scope) throw unknownCommand();
    return command;
  };

  return [
    route('GET', template, (scope, { query }) =>
      ok(
        commandsOf(world, scope).map((command) =>
          listed(command, query.get('with_localizations') === 'true'),
        ),
      ),
    ),
    route('PUT', template, (scope, { body }) => ok(overwrite(world, scope, body))),
    route('POST', template, (scope, { body }) => {
      const command = checkCommand(ApplicationCommandCreateRequestSchema, body);
      const replaced = sameName(world, scope, command);
      return { status: replaced ? 200 : 201, body: save(world, scope, command, replaced) };
    }),
    route('GET', one, (scope, call) => ok(found(scope, call))),
    route('PATCH', one, (scope, call) => {
      const known = found(scope, call);
      checkCommand(ApplicationCommandPatchRequestPartialSchema, {
        ...bodyOf(known),
        ...(call.body as object),
      });
      return ok(save(world, scope, { ...bodyOf(known), ...(call.body as object) } as CommandBody, known));
    }),
    route('DELETE', one, (scope, call) => {
      world.commands.delete(found(scope, call).id);
      announce(world);
      return noContent();
    }),
  ];
}

/** The commands of one scope in the order they were registered. */
export function commandsOf(world: World, scope: Scope): APIApplicationCommand[] {
  return [...world.commands.values()].filter(({ guild_id }) => guild_id === scope);
}

function overwrite(world: World, scope: Scope, body: unknown): APIApplicationCommand[] {
  const commands = checkCommands(ApplicationCommandUpdateRequestSchema, body);
  const before = new Map(commands.map((command) => [command, sameName(world, scope, command)]));
  for (const { id } of commandsOf(world, scope)) world.commands.delete(id);
  const saved = commands.map((command) => register(world, scope, command, before.get(command)));
  announce(world);
  return saved;
}

function save(world: World, scope: Scope, body: CommandBody, known: APIApplicationCommand | undefined) {
  const command = register(world, scope, body, known);
  announce(world);
  return command;
}

/** A command of the same name and type keeps its id. */
function register(
  world: World,
  scope: Scope,
  body: CommandBody,
  known: APIApplicationCommand | undefined,
): APIApplicationCommand {
  const { id: _id, ...sent } = body;
  const command = {
    name_localizations: null,
    description_localizations: null,
    default_member_permissions: null,
    nsfw: false,
    ...sent,
    description: 'description' in body ? (body.description ?? '') : '',
    id: known?.id ?? world.nextId(),
    application_id: world.bot.id,
    version: world.nextId(),
    type: body.type ?? ApplicationCommandType.ChatInput,
    ...(scope === undefined
      ? { integration_types: body.integration_types ?? [0], contexts: body.contexts ?? null }
      : { guild_id: scope }),
  } as APIApplicationCommand;
  world.commands.set(command.id, command);
  return command;
}

function sameName(world: World, scope: Scope, { name, type }: CommandBody) {
  return commandsOf(world, scope).find(
    (command) => command.name === name && command.type === (type ?? ApplicationCommandType.ChatInput),
  );
}

function bodyOf(command: APIApplicationCommand): CommandBody {
  const { id: _id, application_id: _application, version: _version, guild_id: _guild, ...body } = command;
  return body as CommandBody;
}

function listed(command: APIApplicationCommand, withLocalizations: boolean) {
  if (withLocalizations) return command;
  const { name_localizations: _names, description_localizations: _descriptions, ...rest } = command;
  return rest;
}

function announce(world: World): void {
  world.events.emit('commands', [...world.commands.values()]);
}
