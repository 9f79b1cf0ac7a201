import { ApplicationIntegrationType, OAuth2Scopes, PermissionsBitField } from 'discord.js';

const INSTALL_PAGE = 'https://discord.com/oauth2/authorize';

/** The permissions that the bot needs in a server. */
export const PERMISSIONS = new PermissionsBitField([
  'ViewChannel',
  'SendMessages',
  'SendMessagesInThreads',
  'EmbedLinks',
  'AttachFiles',
  // To find the images of its own replies again, and to reply to them.
  'ReadMessageHistory',
]);

/** The links for adding the bot: `invite` to a server, `install` to a person's own account. */
export function invitationOf(applicationId: string): { invite: string; install: string } {
  const client_id = applicationId;
  return {
    invite: installPage({
      client_id,
      scope: [OAuth2Scopes.Bot, OAuth2Scopes.ApplicationsCommands].join(' '),
      permissions: PERMISSIONS.bitfield.toString(),
    }),
    install: installPage({
      client_id,
      scope: OAuth2Scopes.ApplicationsCommands,
      integration_type: String(ApplicationIntegrationType.UserInstall),
    }),
  };
}

function installPage(parameters: Record<string, string>): string {
  return `${INSTALL_PAGE}?${new URLSearchParams(parameters)}`;
}
