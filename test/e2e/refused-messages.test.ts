import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Channel, Interaction, Message, RestFault, User } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  createsOf,
  image,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { finishImages, imagineUnderWay, stored } from '../support/generations.ts';

let on: BotOnSandbox;
let people = 0;
beforeAll(async () => {
  on = await startBotOnSandbox({ jimmyAi: { speed: 1 } });
});
afterAll(() => on.close());

test.concurrent.each([
  ['a link that Discord blocks', { status: 403, code: 240000 }],
  ['a word that the server’s rules block', { status: 400, code: 200000 }],
])('%s in the prompt costs the reply its text, and not its image', async (_, refusal) => {
  const { interaction, fox } = await asked();
  refuse({ ...refusal, body: new RegExp(fox) });
  await finishImages(on);
  const shown = await image(interaction);
  expect(textOf(shown)).toMatch(/^-# Discord refused the text of this reply, so it is left out\./);
  expect(JSON.stringify(shown)).not.toContain(fox);
  expect((await settled(fox)).state).toBe('delivered');
});

test.concurrent('such a link costs a reason its text, too', async () => {
  const { interaction, fox, ann, channel } = await asked();
  refuse({ status: 403, code: 240000, body: new RegExp(fox) });
  for (const route of [editsOf(interaction), messagesIn(channel), messagesIn(on.discord.dm(ann))])
    refuse({ route, ...EXPLICIT });
  await finishImages(on);
  const shown = await reply(interaction, /The image was made, but Discord refuses to show it here/);
  expect(textOf(shown)).not.toContain(fox);
  const { state, imageFile } = await settled(fox);
  expect(state).toBe('undeliverable');
  expect(imageFile).not.toBeNull();
});

test.concurrent('a reply that the bot is not let edit is left for a new message in the channel', async () => {
  const { interaction, ann, channel, fox } = await asked();
  on.discord.faults.expireToken(interaction);
  refuse({ method: 'PATCH', route: messagesIn(channel), status: 403, code: 50005 });
  await finishImages(on);
  const message = await on.besides(new RegExp(fox));
  expect(message).toMatchObject({ channel_id: channel.id, pings: { users: [ann.id] } });
  expect(message.attachments).toHaveLength(1);
  expect((await settled(fox)).state).toBe('delivered');
});

test.concurrent('a forum post that takes no messages yet is left for a direct message', async () => {
  const { interaction, ann, channel, fox } = await asked();
  on.discord.faults.deleteMessage(replyTo(interaction));
  refuse({ method: 'POST', route: messagesIn(channel), status: 403, code: 40058 });
  await finishImages(on);
  const message = await on.besides(new RegExp(fox));
  expect(message.channel_id).toBe(on.discord.dm(ann).id);
  expect(message.attachments).toHaveLength(1);
});

test.concurrent('an image that Discord refuses in a channel alone comes as a direct message, which the reply says', async () => {
  const { interaction, ann, channel, fox } = await asked();
  for (const route of [editsOf(interaction), messagesIn(channel)]) refuse({ route, ...EXPLICIT });
  await finishImages(on);
  const message = await on.besides(new RegExp(fox));
  expect(message.channel_id).toBe(on.discord.dm(ann).id);
  expect(message.attachments).toHaveLength(1);
  await reply(interaction, /^Discord refused to show the result here, so it was sent in another message\./);
});

/** Discord refuses what it takes for explicit, here every upload. */
const EXPLICIT = { status: 400, code: 20009, body: /"attachments":\[\{/ };

/** A person of a server of their own asks for their own fox, so that the tests don't meet. */
async function asked(): Promise<{ interaction: Interaction; ann: User; channel: Channel; fox: string }> {
  people += 1;
  const name = `ann${String(people).padStart(2, '0')}`;
  const { channel, guild } = on.discord.addServer(`The place of ${name}`);
  const ann = on.discord.addPerson(name, [on.discord.guild, guild]);
  const fox = `a fox for ${name}`;
  const interaction = await imagineUnderWay(on, fox, { user: ann, channel });
  return { interaction, ann, channel, fox };
}

function refuse(fault: RestFault): void {
  on.discord.faults.rest({ ...fault, times: Number.POSITIVE_INFINITY });
}

function editsOf({ token }: Interaction): RegExp {
  return new RegExp(token);
}

function messagesIn(channel: Channel): RegExp {
  return new RegExp(`^/channels/${channel.id}/messages`);
}

async function settled(fox: string) {
  const row = await until(() => {
    const found = stored(on.databasePath, fox);
    return found?.settledAt ? found : undefined;
  });
  expect(createsOf(on.jimmyAi, fox)).toHaveLength(1);
  return row;
}

function replyTo(interaction: Interaction): Message {
  const message = interaction.message();
  if (!message) throw new Error('there is no reply');
  return message;
}
