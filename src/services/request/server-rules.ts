import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { findBlockedWord } from './blocked-words.ts';
import { type Choices, type Chosen, isHigher, lower, type Offer, withDefaults } from './defaults.ts';
import type { ServerLimits } from './limits.ts';
import { type ModelId, QUALITY_LEVELS, type QualityLevel, RESOLUTIONS, type Resolution } from './models.ts';
import type { ImageRequest } from './request.ts';
import { qualityToSend } from './sent.ts';
import type { Settings } from './settings.ts';
import type { Tool } from './tools.ts';

const ids = z.array(z.string()).catch([]);
const limit = z.int().positive().nullable().catch(null);
/** Not an integer, because coins come in fractions. */
const limitPerDay = z.number().positive().nullable().catch(null);

/**
 * The rules that a server's admins have set. Each field is read by itself: a value from another version of the bot that
 * this one can't use counts as unset.
 */
export const serverRules = z
  .object({
    /** Ids of the allowed models, including ones that this version doesn't know; empty for all. */
    models: ids,
    /** Tools that nobody may use here, including ones that this version doesn't know. */
    refusedTools: ids,
    maxResolution: z.enum(RESOLUTIONS).nullable().catch(null),
    maxQuality: z.enum(QUALITY_LEVELS).nullable().catch(null),
    /** Channels in which people may ask for images, their threads included; empty for all. */
    channels: ids,
    refusedRoles: ids,
    /** Roles that are exempt from the limits below, but not from the other rules. */
    exemptRoles: ids,
    memberRunning: limit,
    memberWaiting: limit,
    memberPerDay: limitPerDay,
    serverRunning: limit,
    serverWaiting: limit,
    serverPerDay: limitPerDay,
    blockedWords: ids,
    paused: z.object({ reason: z.string().nullable() }).nullable().catch(null),
  })
  .readonly();
export type ServerRules = z.output<typeof serverRules>;
export type RuleField = keyof ServerRules;

/** The rules of a server without settings. */
export const NO_RULES: ServerRules = serverRules.parse({});

/** The person who asks, and the place. */
export interface Asker {
  /** Includes the role of everyone, which has the server's id. */
  readonly roleIds: readonly string[];
  readonly channelId: string | null;
  /** The channel that a thread belongs to. */
  readonly parentId: string | null;
}

/** Why this person may ask for nothing at all in this place. */
export type PlaceRefusal =
  | { kind: 'paused'; reason: string | null }
  | { kind: 'role'; roleId: string }
  | { kind: 'channel'; allowed: readonly string[] };

/** Why the rules of a server forbid this request; another one may be allowed. */
export type RuleProblem =
  | { kind: 'model-not-offered' | 'model-not-allowed'; model: ModelId; allowed: readonly ModelId[] }
  | { kind: 'resolution-not-allowed'; max: Resolution }
  | { kind: 'quality-not-allowed'; max: QualityLevel }
  | { kind: 'tool-not-offered' | 'tool-not-allowed'; tool: Tool }
  | { kind: 'blocked-word'; word: string };

/** Finds why a person may ask for nothing at all here. */
export function findPlaceRefusal(rules: ServerRules, asker: Asker): PlaceRefusal | null {
  const { paused, refusedRoles, channels } = rules;
  if (paused) return { kind: 'paused', ...paused };
  const roleId = refusedRoles.find((id) => asker.roleIds.includes(id));
  if (roleId !== undefined) return { kind: 'role', roleId };
  const isAllowed = [asker.channelId, asker.parentId].some((id) => id !== null && channels.includes(id));
  return channels.length > 0 && !isAllowed ? { kind: 'channel', allowed: channels } : null;
}

/** Finds an option of a request that the bot's host doesn't offer, or that this server doesn't allow. */
export function findRuleProblem(
  rules: ServerRules,
  request: ImageRequest,
  offered: Offer['models'],
): RuleProblem | null {
  const { maxResolution, maxQuality, blockedWords } = rules;
  const { model, resolution, prompt } = request;
  const allowed = offered.filter((id) => isAllowed(rules.models, id));
  if (!offered.includes(model)) return { kind: 'model-not-offered', model, allowed };
  if (!allowed.includes(model)) return { kind: 'model-not-allowed', model, allowed };
  if (maxResolution && lower(RESOLUTIONS, resolution, maxResolution) !== resolution)
    return { kind: 'resolution-not-allowed', max: maxResolution };
  const quality = qualityToSend(request);
  if (maxQuality && quality && isHigher(quality, maxQuality))
    return { kind: 'quality-not-allowed', max: maxQuality };
  const word = findBlockedWord(prompt, blockedWords);
  return word === null ? null : { kind: 'blocked-word', word };
}

/** Finds why a tool can't be used: the bot's host doesn't offer it, or the server doesn't allow it. */
export function findToolProblem(
  { refusedTools }: ServerRules,
  tool: Tool,
  offered: readonly Tool[],
): RuleProblem | null {
  if (!offered.includes(tool)) return { kind: 'tool-not-offered', tool };
  return refusedTools.includes(tool) ? { kind: 'tool-not-allowed', tool } : null;
}

/**
 * Fills in the options that a person left out, within the rules. A default that isn't allowed is changed, and `adapted`
 * reports that. The options they asked for never change.
 */
export function chooseWithin(
  rules: ServerRules,
  given: Choices,
  settings: Settings,
  offer: Offer,
): { chosen: Chosen; adapted: boolean } {
  const { models, maxResolution, maxQuality } = rules;
  const { model } = settings;
  const { defaultModel } = offer;
  const defaults = { ...settings, model: model && isAllowed(models, model) ? model : null };
  const firstAllowed =
    [defaultModel, ...offer.models].find((each) => isAllowed(models, each)) ?? defaultModel;
  const highest = { resolution: maxResolution, quality: maxQuality };
  const chosen = withDefaults(given, defaults, { ...offer, defaultModel: firstAllowed }, highest);
  return { chosen, adapted: !isDeepStrictEqual(chosen, withDefaults(given, settings, offer)) };
}

/** The server's own limits for each member and for all of them together, without the host's. */
export function serverLimits(rules: ServerRules): ServerLimits {
  return {
    member: { running: rules.memberRunning, waiting: rules.memberWaiting, perDay: rules.memberPerDay },
    server: { running: rules.serverRunning, waiting: rules.serverWaiting, perDay: rules.serverPerDay },
  };
}

/** The limits for the person who asks; null when their roles exempt them. */
export function ownLimits(rules: ServerRules, { roleIds }: Asker): ServerLimits | null {
  return rules.exemptRoles.some((id) => roleIds.includes(id)) ? null : serverLimits(rules);
}

function isAllowed(models: readonly string[], model: ModelId): boolean {
  return models.length === 0 || models.includes(model);
}
