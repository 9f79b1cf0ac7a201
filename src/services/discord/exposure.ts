import { type APIApplication, ApplicationIntegrationType, type Client, Routes } from 'discord.js';
import type { Logger } from '../log.ts';

/** What of an application's own description says who may add it. */
type Installation = Pick<
  APIApplication,
  | 'id'
  | 'bot_public'
  | 'integration_types_config'
  | 'approximate_guild_count'
  | 'approximate_user_install_count'
>;

/**
 * Says in one line to whom the account of the image service stands open while nothing bounds what all people together may
 * ask for in a day. That it can't be found out keeps the bot from nothing.
 */
export async function announceExposure(
  client: Client<true>,
  totalPerDay: number | null,
  log: Logger,
): Promise<void> {
  if (totalPerDay !== null) return;
  try {
    const application = (await client.rest.get(Routes.currentApplication())) as Installation;
    const { isOpen, words } = describeExposure(application);
    log[isOpen ? 'warn' : 'info'](words);
  } catch (err) {
    log.warn({ err }, `${NO_LIMIT}, and who can add this bot could not be found out. ${HOW_TO_LIMIT}.`);
  }
}

const NO_LIMIT = 'TOTAL_PER_DAY is not set, so that nothing limits how many images a day you pay for';
const HOW_TO_LIMIT = 'Set TOTAL_PER_DAY in .env to the images that all people together may have in 24 hours';

/** In words for whoever pays; open is what strangers can add by themselves. */
export function describeExposure(application: Installation): { isOpen: boolean; words: string } {
  const { id, bot_public: isPublic, approximate_guild_count: servers } = application;
  const { approximate_user_install_count: accounts } = application;
  const now = [
    ...(servers === undefined ? [] : [counted(servers, 'server')]),
    ...(accounts ? [counted(accounts, 'account')] : []),
  ].join(' and ');
  const where = now && ` (now in about ${now})`;
  if (isPublic === false) {
    return {
      isOpen: false,
      words: `${NO_LIMIT}: whoever is in a server that the bot is in, or has it as their own app, can ask for them${where}. Only the application's owner can add the bot to servers. ${HOW_TO_LIMIT}.`,
    };
  }
  return {
    isOpen: true,
    words: `${NO_LIMIT}, and anybody on Discord can add this bot to ${placesOf(application)}${where}. ${HOW_TO_LIMIT}, or switch off Public Bot: https://discord.com/developers/applications/${id}/bot (on the page Installation, Install Link has to be None first).`,
  };
}

function placesOf({ integration_types_config: contexts }: Installation): string {
  const { GuildInstall, UserInstall } = ApplicationIntegrationType;
  // An application that has never chosen can be added to servers.
  const places = [
    ...(!contexts || GuildInstall in contexts ? ['their servers'] : []),
    ...(contexts && UserInstall in contexts ? ['their own account'] : []),
  ];
  return places.join(' and ') || 'their servers';
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
