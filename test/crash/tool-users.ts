import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { Discord, Message, User } from '../../sandbox/discord/index.ts';
import { pick, type Random } from '../../sandbox/jimmyai/random.ts';
import { decodeCustomId } from '../../src/commands/custom-id.ts';
import { en } from '../../src/commands/text/en.ts';
import { prepareReference, sentSidePx } from '../../src/services/images/reference.ts';
import type { PictureTool } from '../../src/services/request/tools.ts';
import { buttonsOf } from '../support/buttons.ts';
import type { AskedOnShard, Place } from './demand.ts';
import {
  isLastWord,
  PICTURE_TOOLS,
  saysDatabaseAway,
  saysNotOffered,
  subjectIn,
  type ToolName,
  textOf,
  toolSubject,
} from './reply-text.ts';

/** People who enlarge an image, or remove its background. */
export interface ToolUsers {
  /** Opens a tool for some image in this place, and chooses something in its question. Null if that begins no request. */
  use(place: Place): Promise<AskedOnShard | null>;
  /** The request that sent this call to the service, by the picture it works on. */
  subjectOf(tool: ToolName, imageUrl: string): Promise<string>;
  /** The times that people were told that a tool isn't offered. */
  readonly refused: number;
  /** The answers that were wrong about whether tools are offered. */
  readonly untrue: readonly string[];
}

/** The shares of people who press the button under a result, use the menu of a result, or of a person's message. */
const BY_BUTTON = 0.5;
const ON_RESULT = 0.75;
/** Smaller ones are no pictures of the service's, and all of those look the same. */
const LEAST_SIDE_PX = 16;

/** `offersTools` tells whether the process of a shard offers tools now. */
export function createToolUsers(options: {
  discord: Discord;
  random: Random;
  offersTools(shard: number): boolean;
}): ToolUsers {
  const { discord, random, offersTools } = options;
  const opened = new Set<string>();
  const bySource = new Map<string, string>();
  const untrue: string[] = [];
  let refused = 0;

  /** A finished image of the bot that this tool wasn't opened for yet. */
  function result(tool: ToolName, { channel }: Place): Message | null {
    const found = discord
      .messages(channel.id)
      .filter(
        (message) =>
          message.author.id === discord.bot.id &&
          subjectIn(message) !== null &&
          isLastWord(message) &&
          message.attachments.length > 0 &&
          message.attachments.every(({ width }) => (width ?? 0) >= LEAST_SIDE_PX) &&
          !opened.has(toolSubject(tool, message.id)),
      );
    return found.length > 0 ? pick(random, found) : null;
  }

  async function picture(user: User, { channel }: Place): Promise<Message> {
    const [width, height] = [40 + Math.floor(random() * 200), 40 + Math.floor(random() * 200)];
    const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
    const bytes = await sharp({ create: { width, height, channels: 3, background: '#888', noise } })
      .png()
      .toBuffer();
    return discord.say({ user, channel, files: [{ name: 'picture.png', bytes }] });
  }

  /** Opens the tool for a message by its button or by its menu. Null where Discord shows neither. */
  function open(tool: ToolName, user: User, message: Message, byButton: boolean) {
    const button = buttonsOf(message).find((each) => 'custom_id' in each && actionOf(each) === tool);
    if (byButton && button && 'custom_id' in button)
      return discord.interact.click({ user, message, customId: button.custom_id });
    const isShown = discord.interact.offered({ user }).some(({ name }) => name === en.tool.name[tool]);
    return isShown ? discord.interact.messageMenu({ user, message, name: en.tool.name[tool] }) : null;
  }

  /** Notes what people are told about tools that aren't offered. Returns the buttons of a question. */
  function read(question: Message, subject: string, shard: number, offered: boolean) {
    const saysNot = saysNotOffered(question);
    if (saysNot) refused += 1;
    // A process that ended meanwhile may have answered before it did.
    const isSure = offersTools(shard) === offered && !saysDatabaseAway(question);
    if (isSure && offered === saysNot) untrue.push(`${subject}: ${textOf(question)}`);
    return buttonsOf(question).flatMap((each) =>
      'custom_id' in each && actionOf(each) === 'tool' ? each.custom_id : [],
    );
  }

  async function use(place: Place): Promise<AskedOnShard | null> {
    const { shard } = place;
    const { alice, bob, carol } = discord.people;
    const [tool, user] = [pick(random, PICTURE_TOOLS), pick(random, [alice, bob, carol])];
    const message = (random() < ON_RESULT && result(tool, place)) || (await picture(user, place));
    const [byButton, offered] = [random() < BY_BUTTON, offersTools(shard)];
    const opening = open(tool, user, message, byButton);
    if (!opening) return null;
    const subject = toolSubject(tool, message.id);
    opened.add(subject);
    // While the bot is away, Discord tells the person so.
    const question = (await opening.response().catch(() => null))?.message;
    const choices = question ? read(question, subject, shard, offered) : [];
    if (!question || choices.length === 0) return null;
    const customId = pick(random, choices);
    const index = Number.parseInt(decodeCustomId(customId)?.detail ?? '0', 10);
    const url = message.attachments[index]?.url;
    const source = url && (await sourceOf(tool, url, 'original'));
    // Two pictures that look the same couldn't be told apart at the service.
    if (!source || bySource.has(source)) return null;
    bySource.set(source, subject);
    return {
      subject,
      count: 1,
      interaction: discord.interact.click({ user, message: question, customId }),
      shard,
    };
  }

  return {
    use: (place) => use(place).catch(unlessGone),
    async subjectOf(tool, imageUrl) {
      return bySource.get(await sourceOf(tool, imageUrl, 'sent')) ?? `${tool} of another picture`;
    },
    get refused() {
      return refused;
    },
    untrue,
  };
}

/** A name for a picture as it is sent to the service: the bot prepares the same picture in the same way each time. */
async function sourceOf(name: ToolName, url: string, as: 'original' | 'sent'): Promise<string> {
  const tool: PictureTool = name === 'upscale' ? { name, factor: 2 } : { name };
  const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
  const sent =
    as === 'original' ? (await prepareReference(bytes, undefined, sentSidePx({ tool }))).bytes : bytes;
  return `${name} ${createHash('sha256').update(sent).digest('hex')}`;
}

function actionOf({ custom_id: id }: { custom_id: string }): string | undefined {
  return decodeCustomId(id)?.action;
}

/** The trouble deletes messages while people look at them. */
function unlessGone(error: unknown): null {
  if (error instanceof Error && /the message is gone/.test(error.message)) return null;
  throw error;
}
