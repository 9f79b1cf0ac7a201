/**
 * Loaded by each worker before its tests: discord.js comes before undici, as in the bot. Whichever comes first chooses
 * what all requests of the process are sent by, and ours does not take the forms that discord.js uploads files in.
 */
import 'discord.js';
