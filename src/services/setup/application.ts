import {
  ApplicationIntegrationType,
  OAuth2Scopes,
  PermissionsBitField,
  TeamMemberMembershipState,
} from 'discord.js';
import { z } from 'zod';
import { PERMISSIONS } from '../discord/invitation.ts';

/** The fields of Discord's application object that matter for hosting the bot (docs: resources/application). */
export type Application = z.output<typeof ApplicationSchema>;

type Context = z.output<typeof context>;

/** The default install settings of one installation context; empty if there are none. */
const context = z
  .object({
    oauth2_install_params: z
      .object({ scopes: z.array(z.string()), permissions: z.string().regex(/^\d+$/) })
      .nullish(),
  })
  .nullish();

export const ApplicationSchema = z.object({
  id: z.string().regex(/^\d+$/),
  name: z.string(),
  bot: z.object({ username: z.string() }).nullish(),
  bot_public: z.boolean().nullish(),
  bot_require_code_grant: z.boolean().nullish(),
  interactions_endpoint_url: z.string().nullish(),
  owner: z.object({ id: z.string() }).nullish(),
  team: z.object({ members: z.array(z.object({ membership_state: z.number() })) }).nullish(),
  integration_types_config: z.record(z.string(), context).nullish(),
});

/** Something for the operator to change or to know. */
export interface Advice {
  /** Whether something won't work until it is changed. */
  readonly isProblem: boolean;
  readonly says: string;
  /** The page of the developer portal where it is changed. */
  readonly page: string;
}

/** What the operator should change or know, problems first. Settings that Discord doesn't report are taken as fine. */
export function adviseOn(application: Application): Advice[] {
  const portal = `https://discord.com/developers/applications/${application.id}`;
  return RULES.filter(({ applies }) => applies(application)).map(({ isProblem, page, says }) => {
    return { isProblem, says, page: `${portal}/${page}` };
  });
}

interface Rule extends Advice {
  readonly page: 'information' | 'installation' | 'bot';
  readonly applies: (application: Application) => boolean;
}

const SERVER = String(ApplicationIntegrationType.GuildInstall);
const ACCOUNT = String(ApplicationIntegrationType.UserInstall);

const RULES: readonly Rule[] = [
  {
    isProblem: true,
    page: 'information',
    says: 'Discord sends the commands to another address, so the bot gets none. Empty General Information → Interactions Endpoint URL.',
    applies: ({ interactions_endpoint_url: address }) => Boolean(address),
  },
  {
    isProblem: true,
    page: 'bot',
    says: 'The invitation does not work yet. Switch off Bot → Requires OAuth2 Code Grant.',
    applies: (application) => application.bot_require_code_grant === true,
  },
  {
    isProblem: true,
    page: 'installation',
    says: 'The bot cannot be added to servers. Tick Installation → Installation Contexts → Guild Install.',
    applies: (application) => lacksContext(application, SERVER),
  },
  {
    isProblem: true,
    page: 'information',
    says: 'The application has no owner who can be told of trouble or use /balance. Let a member accept the invitation to its team, or move it to your account with General Information → Transfer App.',
    applies: (application) => !hasOwner(application),
  },
  {
    isProblem: false,
    page: 'installation',
    says: 'Nobody can add the bot to their own account, to use it anywhere. If people should, tick Installation → Installation Contexts → User Install.',
    applies: (application) => lacksContext(application, ACCOUNT),
  },
  {
    isProblem: false,
    page: 'installation',
    says: "Discord's own Add App button asks for less than the bot needs. Use the invitation below, or choose under Installation → Default Install Settings → Guild Install the scopes applications.commands and bot, and the permissions View Channels, Send Messages, Send Messages in Threads, Embed Links, Attach Files and Read Message History.",
    applies: ({ integration_types_config: contexts }) => asksForLess(contexts?.[SERVER]),
  },
  {
    isProblem: false,
    page: 'bot',
    says: 'Public Bot is on: whoever has the invitation can add the bot to a server of theirs, whose members spend your coins. To keep it to your own servers, set Installation → Install Link to None, then switch off Bot → Public Bot.',
    applies: (application) => application.bot_public === true,
  },
  {
    isProblem: false,
    page: 'bot',
    says: 'Public Bot is off: nobody but you can add the bot to a server. If others should, switch on Bot → Public Bot.',
    applies: (application) => application.bot_public === false,
  },
];

function lacksContext({ integration_types_config: contexts }: Application, context: string): boolean {
  return Boolean(contexts) && !contexts?.[context];
}

/** A team's owners are the members who have accepted; its `owner` is a placeholder user, not a person. */
function hasOwner({ owner, team }: Application): boolean {
  if (!team) return Boolean(owner);
  return team.members.some((member) => member.membership_state === TeamMemberMembershipState.Accepted);
}

function asksForLess(context: Context | undefined): boolean {
  const asked = context?.oauth2_install_params;
  if (!asked) return false;
  const permissions = new PermissionsBitField(BigInt(asked.permissions));
  return !asked.scopes.includes(OAuth2Scopes.Bot) || !permissions.has(PERMISSIONS);
}
