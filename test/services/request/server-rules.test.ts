import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HostLimits } from '../../../src/services/request/limits.ts';
import { limitsFor, NO_LIMITS } from '../../../src/services/request/limits.ts';
import {
  MODEL_IDS,
  modelOf,
  QUALITIES,
  QUALITY_LEVELS,
  RATIOS,
  RESOLUTIONS,
} from '../../../src/services/request/models.ts';
import {
  chooseWithin,
  findPlaceRefusal,
  findRuleProblem,
  NO_RULES,
  ownLimits,
  type ServerRules,
  serverRules,
} from '../../../src/services/request/server-rules.ts';
import { NO_SETTINGS } from '../../../src/services/request/settings.ts';
import { offering } from '../../support/offering.ts';

const request = {
  prompt: 'a fox in the snow',
  model: 'gpt-image-2',
  ratio: 'auto',
  resolution: '2k',
  quality: 'medium',
  transparent: false,
  count: 1,
} as const;
const asker = { roleIds: ['server', 'reporter'], channelId: 'thread', parentId: 'general' };

function rules(some: Partial<ServerRules>): ServerRules {
  return { ...NO_RULES, ...some };
}

test('without rules everything is allowed to everybody everywhere', () => {
  expect(findPlaceRefusal(NO_RULES, asker)).toBeNull();
  expect(findRuleProblem(NO_RULES, request, MODEL_IDS)).toBeNull();
});

describe('rules are read each by itself', () => {
  test('what cannot be read counts as undecided, and the rest holds', () => {
    const read = serverRules.parse({
      models: 'all',
      maxResolution: '8k',
      memberRunning: -1,
      paused: 'yes',
      maxQuality: 'low',
      fromAnotherVersion: true,
    });
    expect(read).toEqual(rules({ maxQuality: 'low' }));
  });

  test('a model that this version does not know still is the only one allowed', () => {
    const read = serverRules.parse({ models: ['gpt-image-9'] });
    expect(findRuleProblem(read, request, MODEL_IDS)).toEqual({
      kind: 'model-not-allowed',
      model: 'gpt-image-2',
      allowed: [],
    });
  });
});

describe('nothing can be asked for', () => {
  test('while it is paused, whoever asks', () => {
    const paused = rules({ paused: { reason: 'tidying up' }, exemptRoles: ['reporter'] });
    expect(findPlaceRefusal(paused, asker)).toEqual({ kind: 'paused', reason: 'tidying up' });
  });

  test('by whoever has a role that is refused, exempt or not', () => {
    const refused = rules({ refusedRoles: ['guest', 'reporter'], exemptRoles: ['reporter'] });
    expect(findPlaceRefusal(refused, asker)).toEqual({ kind: 'role', roleId: 'reporter' });
    expect(findPlaceRefusal(refused, { ...asker, roleIds: ['server'] })).toBeNull();
  });

  test('outside the channels that are allowed; a thread counts as its channel', () => {
    const refusal = { kind: 'channel', allowed: ['general'] };
    const limited = rules({ channels: ['general'] });
    expect(findPlaceRefusal(limited, asker)).toBeNull();
    expect(findPlaceRefusal(limited, { ...asker, channelId: 'general', parentId: null })).toBeNull();
    expect(findPlaceRefusal(limited, { ...asker, parentId: 'art' })).toEqual(refusal);
    expect(findPlaceRefusal(limited, { ...asker, channelId: null, parentId: null })).toEqual(refusal);
  });
});

describe('a request is not allowed', () => {
  test('with a model that the host doesn’t offer; what may be chosen is offered and allowed', () => {
    const allowed = rules({ models: ['nano-banana', 'nano-banana-2'] });
    expect(findRuleProblem(allowed, request, ['nano-banana', 'gpt-image-1.5'])).toEqual({
      kind: 'model-not-offered',
      model: 'gpt-image-2',
      allowed: ['nano-banana'],
    });
  });

  test('with a model that is not among them', () => {
    const problem = findRuleProblem(rules({ models: ['nano-banana'] }), request, MODEL_IDS);
    expect(problem).toEqual({ kind: 'model-not-allowed', model: 'gpt-image-2', allowed: ['nano-banana'] });
  });

  test('above the highest resolution', () => {
    expect(findRuleProblem(rules({ maxResolution: '1k' }), request, MODEL_IDS)).toEqual({
      kind: 'resolution-not-allowed',
      max: '1k',
    });
    expect(findRuleProblem(rules({ maxResolution: '2k' }), request, MODEL_IDS)).toBeNull();
  });

  test('above the highest quality, of a model that has one', () => {
    const low = rules({ maxQuality: 'low' });
    expect(findRuleProblem(low, request, MODEL_IDS)).toEqual({ kind: 'quality-not-allowed', max: 'low' });
    expect(findRuleProblem(low, { ...request, model: 'nano-banana' }, MODEL_IDS)).toBeNull();
    expect(findRuleProblem(low, { ...request, quality: null }, MODEL_IDS)).toBeNull();
  });

  test('with a blocked word in its prompt', () => {
    const problem = findRuleProblem(rules({ blockedWords: ['bear', 'Fox'] }), request, MODEL_IDS);
    expect(problem).toEqual({ kind: 'blocked-word', word: 'Fox' });
  });
});

describe('where a person leaves something out', () => {
  const given = { model: null, ratio: null, resolution: null, quality: null };

  test('a default that is not allowed gives way, and that is said', () => {
    const strict = rules({ models: ['nano-banana-pro'], maxResolution: '1k' });
    const settings = { ...NO_SETTINGS, model: 'nano-banana' as const, resolution: '4k' as const };
    expect(chooseWithin(strict, given, settings, offering('gpt-image-2'))).toMatchObject({
      chosen: { model: 'nano-banana-pro', resolution: '1k' },
      adapted: true,
    });
  });

  test('the bot’s default comes before the first that is allowed', () => {
    const strict = rules({ models: ['nano-banana', 'nano-banana-2'] });
    const settings = { ...NO_SETTINGS, model: 'gpt-image-2' as const };
    expect(chooseWithin(strict, given, settings, offering('nano-banana-2')).chosen.model).toBe(
      'nano-banana-2',
    );
    expect(chooseWithin(strict, given, settings, offering('gpt-image-2')).chosen.model).toBe('nano-banana');
  });

  test('what they asked for never gives way', () => {
    const strict = rules({ models: ['nano-banana'], maxResolution: '1k', maxQuality: 'low' });
    const asked = { model: 'gpt-image-2', ratio: '16:9', resolution: '4k', quality: 'high' } as const;
    expect(chooseWithin(strict, asked, NO_SETTINGS, offering('nano-banana'))).toEqual({
      chosen: asked,
      adapted: false,
    });
  });

  test('what is made is always allowed, whatever the rules and the defaults are', () => {
    const some = <T extends string>(values: readonly T[]) => fc.option(fc.constantFrom(...values));
    const anyRules = fc.record({
      models: fc.subarray(MODEL_IDS),
      maxResolution: some(RESOLUTIONS),
      maxQuality: some(QUALITY_LEVELS),
    });
    const anyDefaults = fc.record({
      model: some(MODEL_IDS),
      ratio: some(RATIOS),
      resolution: some(RESOLUTIONS),
      quality: some(QUALITIES),
    });
    fc.assert(
      fc.property(anyRules, anyDefaults, fc.constantFrom(...MODEL_IDS), (some, defaults, bots) => {
        const { chosen } = chooseWithin(rules(some), given, { ...NO_SETTINGS, ...defaults }, offering(bots));
        expect(findRuleProblem(rules(some), { ...request, ...chosen }, MODEL_IDS)).toBeNull();
        expect(modelOf(chosen.model).label).not.toBe('');
      }),
    );
  });
});

describe('limits', () => {
  const host: HostLimits = {
    person: { running: 3, waiting: 10, perDay: null },
    server: { running: null, waiting: null, perDay: 100 },
    overall: { tasks: null, perDay: null },
    unit: 'images',
  };
  const own = rules({ memberRunning: 1, serverPerDay: 500, serverRunning: 5, exemptRoles: ['patron'] });

  test('a server’s own ones come besides the host’s, and none is wider than those', () => {
    expect(limitsFor(host, { guildId: 'server', own: ownLimits(own, asker) })).toEqual({
      ...host,
      member: { running: 1, waiting: null, perDay: null },
      server: { running: 5, waiting: null, perDay: 100 },
    });
  });

  test('whoever is exempt from them still has the host’s', () => {
    const exempt = { ...asker, roleIds: ['patron'] };
    expect(limitsFor(host, { guildId: 'server', own: ownLimits(own, exempt) })).toEqual({
      ...host,
      member: NO_LIMITS,
    });
  });
});
