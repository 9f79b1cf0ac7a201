/**
 * Each worker loads this before its tests, so that discord.js comes before undici, as in the bot. The first one chooses
 * the HTTP client of all requests in the process, and ours doesn't support the forms in which discord.js uploads files.
 */
import 'discord.js';
