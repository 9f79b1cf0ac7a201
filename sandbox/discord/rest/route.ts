import type { RESTGetAPIGatewayBotResult } from 'discord-api-types/v10';
import type { Cdn, IncomingFile } from '../cdn.ts';
import type { InteractionRegistry } from '../interactions/registry.ts';
import type { World } from '../world/world.ts';

/** A file of a multipart request. */
export interface UploadedFile extends IncomingFile {
  /** The part's name: `files[0]`. */
  field: string;
}

/** A request after its URL and body were read. */
export interface Call {
  /** A parameter of the route's template. @throws when the template has none of this name. */
  param(name: string): string;
  query: URLSearchParams;
  body: unknown;
  files: readonly UploadedFile[];
}

export interface Reply {
  status: number;
  body?: unknown;
}

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As in Discord's OpenAPI description: `/channels/{channel_id}`. */
  template: string;
  /** Routes with an interaction's token need no bot token. */
  auth: 'bot' | 'token';
  handle(call: Call): Reply | Promise<Reply>;
}

/** The parts that the routes use. */
export interface RouteContext {
  world: World;
  cdn: Cdn;
  interactions: InteractionRegistry;
  /** The answer of `/gateway/bot`. */
  gatewayInfo(): RESTGetAPIGatewayBotResult;
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const noContent = (): Reply => ({ status: 204 });
