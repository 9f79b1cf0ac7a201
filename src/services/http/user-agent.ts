import packageJson from '../../../package.json' with { type: 'json' };

/** Names the bot in every request that isn't Discord's: many an edge answers 403 to a client that doesn't say what it is. */
export const USER_AGENT = `${packageJson.name}/${packageJson.version}`;
