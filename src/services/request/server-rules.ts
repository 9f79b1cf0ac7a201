import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { findBlockedWord } from './blocked-words.ts';
import { type Choices, type Chosen, isHigher, lower, type Offer, withDefaults } from './defaults.ts';
import type { ServerLimits } from './limits.ts';
import { type ModelId, QUALITY_LEVELS, type QualityLevel, RESOLUTIONS, type Resolution } from './models.ts';
import type { ImageRequest } from './request.ts';
import { qualityToSend } from './sent.ts';
import type { Settings } from './settings.ts';

const ids = z.array(z.string()).catch([]);
const limit = z.int().positive().nullable().catch(null);
/** Coins come in fractions. */
const limitPerDay = z.number().positive().nullable().catch(null);

/**
 * What a server's admins decided for it. Each field is read by itself: what another version of the bot has written so that
 * this one can't use it counts as undecided.
 */
export const serverRules = z
  .object({
    /** Ids of models, also of those that this version doesn't know; empty for all. */
    models: ids,
    maxResolution: z.enum(RESOLUTIONS).nullable().catch(null),
    maxQuality: z.enum(QUALITY_LEVELS).nullable().catch(null),
    /** Where images may be asked for, their threads included; empty for everywhere. */
    channels: ids,
    refusedRoles: ids,
    /** Roles to which the limits below don't apply; everything else does. */
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

/** What holds where nobody has decided anything. */
export const NO_RULES: ServerRules = serverRules.parse({});

/** Who asks, and where. */
export interface Asker {
  /** The role of everyone, which has the server's id, among them. */
  readonly roleIds: readonly string[];
  readonly channelId: string | null;
  /** The channel that the channel is a thread of. */
  readonly parentId: string | null;
}

/** Why nothing may be asked for by this person in this place, whatever it is. */
export type PlaceRefusal =
  | { kind: 'paused'; reason: string | null }
  | { kind: 'role'; roleId: string }
  | { kind: 'channel'; allowed: readonly string[] };

/** Why a request isn't allowed in a server, though another one may be. */
export type RuleProblem =
  | { kind: 'model-not-offered' | 'model-not-allowed'; model: ModelId; allowed: readonly ModelId[] }
  | { kind: 'resolution-not-allowed'; max: Resolution }
  | { kind: 'quality-not-allowed'; max: QualityLevel }
  | { kind: 'blocked-word'; word: string };

/** Finds why a person may ask for nothing here. */
export function findPlaceRefusal(rules: ServerRules, asker: Asker): PlaceRefusal | null {
  const { paused, refusedRoles, channels } = rules;
  if (paused) return { kind: 'paused', ...paused };
  const roleId = refusedRoles.find((id) => asker.roleIds.includes(id));
  if (roleId !== undefined) return { kind: 'role', roleId };
  const isAllowed = [asker.channelId, asker.parentId].some((id) => id !== null && channels.includes(id));
  return channels.length > 0 && !isAllowed ? { kind: 'channel', allowed: channels } : null;
}

/** Finds what a request asks for that the bot's host doesn't offer, or that isn't allowed here. */
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

/**
 * What is made where a person left something out, within the rules: a default that isn't allowed gives way, and
 * `adapted` says that one has. What they asked for never does.
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

/** What the server allows each member and all of them together, whatever the host allows. */
export function serverLimits(rules: ServerRules): ServerLimits {
  return {
    member: { running: rules.memberRunning, waiting: rules.memberWaiting, perDay: rules.memberPerDay },
    server: { running: rules.serverRunning, waiting: rules.serverWaiting, perDay: rules.serverPerDay },
  };
}

/** The same for whoever asks; null where their roles exempt them. */
export function ownLimits(rules: ServerRules, { roleIds }: Asker): ServerLimits | null {
  return rules.exemptRoles.some((id) => roleIds.includes(id)) ? null : serverLimits(rules);
}

function isAllowed(models: readonly string[], model: ModelId): boolean {
  return models.length === 0 || models.includes(model);
}
