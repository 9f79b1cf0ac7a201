import type { Channel, User } from '../world/world.ts';

/** Who does something where. */
export interface Act {
  user: User;
  channel: Channel;
  /** The person's language; default `en-US`. */
  locale?: string | undefined;
  /** Bytes a file of the answer may have; default 10 MiB. */
  attachmentSizeLimit?: number | undefined;
  /**
   * The bot was installed by the person, not by the guild (`true`), or by both (`'too'`).
   * Where the bot isn't, a person's installation is all there is.
   */
  userInstalled?: boolean | 'too' | undefined;
}
