import packageJson from '../../../package.json' with { type: 'json' };

/** Sent with every request except those to Discord: many edges answer 403 to a client without a name. */
export const USER_AGENT = `${packageJson.name}/${packageJson.version}`;
