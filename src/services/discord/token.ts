/** Discord refuses the bot's token. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';

  constructor(token: string) {
    const other = takenFor(token);
    super(
      `Discord does not accept DISCORD_TOKEN${other ? `, which looks like ${other}` : ''}. Copy it again from https://discord.com/developers/applications (your app → Bot → Reset Token).`,
    );
  }
}

/** Guesses which other value was copied from Discord's pages or `.env`; only called for a token that was refused. */
function takenFor(token: string): string | null {
  if (/^[0-9a-f]{64}$/i.test(token)) return "the application's public key";
  if (/^\d{17,20}$/.test(token)) return "the application's id";
  if (/^sk-/.test(token)) return 'the key of the image service';
  if (/^[\w-]{32}$/.test(token)) return "the application's client secret";
  return null;
}
