import {
  ApplicationCommandResponseSchema,
  GatewayBotResponseSchema,
  GuildChannelResponseSchema,
  GuildMemberResponseSchema,
  GuildWithCountsResponseSchema,
  InteractionCallbackResponseSchema,
  MessageResponseSchema,
  MyGuildResponseSchema,
  PrivateApplicationResponseSchema,
  PrivateChannelResponseSchema,
  ThreadResponseSchema,
  UserPIIResponseSchema,
} from 'discord-api-spec/zod';
import type { APIApplication } from 'discord-api-types/v10';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ZodMiniType } from 'zod/mini';
import { type Discord, startDiscord } from '../../../sandbox/discord/index.ts';
import { call } from './api.ts';

let discord: Discord;
beforeEach(async () => {
  discord = await startDiscord({ rateLimits: false });
});
afterEach(() => discord.close());

function expectShape(schema: ZodMiniType, value: unknown) {
  const { error } = schema.safeParse(value);
  expect(error?.issues ?? []).toEqual([]);
}

test('what is looked up has the shape of Discord’s own description', async () => {
  const get = async (path: string) => (await call(discord, 'GET', path)).body;
  const guildPath = `/guilds/${discord.guild.id}`;
  expectShape(GatewayBotResponseSchema, await get('/gateway/bot'));
  expectShape(UserPIIResponseSchema, await get('/users/@me'));
  expectShape(PrivateApplicationResponseSchema, await get('/applications/@me'));
  expectShape(GuildWithCountsResponseSchema, await get(guildPath));
  const guilds = (await get('/users/@me/guilds')) as unknown as unknown[];
  for (const guild of guilds) expectShape(MyGuildResponseSchema, guild);
  expectShape(GuildMemberResponseSchema, await get(`${guildPath}/members/${discord.people.bob.id}`));
  expectShape(GuildChannelResponseSchema, await get(`/channels/${discord.channel.id}`));
  expectShape(GuildChannelResponseSchema, await get(`/channels/${discord.voice.id}`));
  const { parent_id: forumId } = await get(`/channels/${discord.forumPost.id}`);
  expectShape(GuildChannelResponseSchema, await get(`/channels/${forumId}`));
  expectShape(ThreadResponseSchema, await get(`/channels/${discord.thread.id}`));
  expectShape(ThreadResponseSchema, await get(`/channels/${discord.forumPost.id}`));
  const dm = await call(discord, 'POST', '/users/@me/channels', { recipient_id: discord.people.bob.id });
  expectShape(PrivateChannelResponseSchema, dm.body);
});

test('an application of a team names its members, and a stand-in as its owner', async () => {
  const { olivia, alice, bob } = discord.people;
  discord.handOverTo({ owner: olivia, members: [alice], invited: [bob] });
  const { body } = await call(discord, 'GET', '/applications/@me');
  expectShape(PrivateApplicationResponseSchema, body);
  const { owner, team } = body as unknown as APIApplication;
  expect(owner?.username).toBe(`team${team?.id}`);
  expect(team?.owner_user_id).toBe(olivia.id);
  expect(team?.members.map(({ user, membership_state }) => [user.username, membership_state])).toEqual([
    ['olivia', 2],
    ['alice', 2],
    ['bob', 1],
  ]);
});

test('so have commands, messages and answers to callbacks', async () => {
  const command = await call(discord, 'POST', `/applications/${discord.applicationId}/commands`, {
    name: 'paint',
    description: 'Paints',
    options: [{ type: 3, name: 'prompt', description: 'What', choices: [{ name: 'A', value: 'a' }] }],
  });
  expectShape(ApplicationCommandResponseSchema, command.body);

  const drawn = sharp({ create: { width: 8, height: 8, channels: 3, background: '#06c' } });
  const files = [{ name: 'a.png', bytes: new Uint8Array(await drawn.png().toBuffer()) }];
  const content = {
    content: 'Look',
    embeds: [{ title: 'A title', color: 255, fields: [{ name: 'a', value: 'b' }] }],
    components: [{ type: 1, components: [{ type: 2, style: 1, label: 'Go', custom_id: 'go' }] }],
  };
  const message = await call(discord, 'POST', `/channels/${discord.channel.id}/messages`, content, { files });
  expectShape(MessageResponseSchema, message.body);

  const { id, token } = discord.interact.command({ name: 'paint' });
  const callback = await call(discord, 'POST', `/interactions/${id}/${token}/callback?with_response=true`, {
    type: 4,
    data: content,
  });
  expectShape(InteractionCallbackResponseSchema, callback.body);
  const path = `/webhooks/${discord.applicationId}/${token}`;
  const edited = await call(discord, 'PATCH', `${path}/messages/@original`, content, { files });
  expectShape(MessageResponseSchema, edited.body);
  expectShape(MessageResponseSchema, (await call(discord, 'POST', path, { content: 'More' })).body);
});
