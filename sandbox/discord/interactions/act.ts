import type { Channel, User } from '../world/world.ts';

/** A person, and the place where they act. */
export interface Act {
  user: User;
  channel: Channel;
  /** The person's language; default `en-US`. */
  locale?: string | undefined;
  /** The largest file of an answer, in bytes; default 10 MiB. */
  attachmentSizeLimit?: number | undefined;
  /**
   * The bot was installed by the person and not by the guild (`true`), or by both (`'too'`). In places without the bot,
   * only a person's installation works.
   */
  userInstalled?: boolean | 'too' | undefined;
}
