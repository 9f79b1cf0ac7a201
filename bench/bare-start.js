import { Client, GatewayIntentBits } from 'discord.js';

// The least that a start can do: log in, and register a command. JavaScript, so that no types have to be stripped.
const client = new Client({
  intents: [GatewayIntentBits.Guilds],
  rest: { api: process.env.DISCORD_API_URL ?? '' },
});
client.once('clientReady', async ({ application }) => {
  await application.commands.set([{ name: 'imagine', description: 'Makes an image' }]);
  process.send?.('registered');
});
await client.login(process.env.DISCORD_TOKEN);
