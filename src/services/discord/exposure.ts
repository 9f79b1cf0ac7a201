import { type APIApplication, ApplicationIntegrationType, type Client, Routes } from 'discord.js';
import type { Logger } from '../log.ts';

/** The fields of an application that tell who may add it. */
type Installation = Pick<
  APIApplication,
  | 'id'
  | 'bot_public'
  | 'integration_types_config'
  | 'approximate_guild_count'
  | 'approximate_user_install_count'
>;

/**
 * Logs in one line who can spend the account of the image service while TOTAL_PER_DAY limits nobody. Never throws: the
 * bot also works when it can't find this out.
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

/** Describes it to the host. `isOpen` means that strangers can add the bot by themselves. */
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
      words: `${NO_LIMIT}: everybody who shares a server with the bot, or has added it to their account, can ask for images${where}. Only the application's owner can add the bot to servers. ${HOW_TO_LIMIT}.`,
    };
  }
  return {
    isOpen: true,
    words: `${NO_LIMIT}, and anybody on Discord can add this bot to ${placesOf(application)}${where}. ${HOW_TO_LIMIT}, or switch off Public Bot: https://discord.com/developers/applications/${id}/bot (on the page Installation, Install Link has to be None first).`,
  };
}

function placesOf({ integration_types_config: contexts }: Installation): string {
  const { GuildInstall, UserInstall } = ApplicationIntegrationType;
  // An application can be added to servers unless its owner has chosen otherwise.
  const places = [
    ...(!contexts || GuildInstall in contexts ? ['their servers'] : []),
    ...(contexts && UserInstall in contexts ? ['their own account'] : []),
  ];
  return places.join(' and ') || 'their servers';
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
