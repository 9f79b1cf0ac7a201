import { Client, GatewayIntentBits } from 'discord.js';

// The least that a bot can do: every interaction is deferred at once, and nothing else happens. JavaScript, so that it
// weighs what discord.js weighs: stripping types takes 16 MB.
const client = new Client({
  intents: [GatewayIntentBits.Guilds],
  rest: { api: process.env.DISCORD_API_URL ?? '' },
});
client.on('interactionCreate', async (interaction) => {
  if (interaction.isChatInputCommand()) await interaction.deferReply();
});
client.once('clientReady', () => process.send?.('ready'));
await client.login(process.env.DISCORD_TOKEN);
