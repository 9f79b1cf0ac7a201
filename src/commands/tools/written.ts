import type { RepliableInteraction } from 'discord.js';
import { ImageServiceError } from '../../services/image-service/errors.ts';
import { findToolProblem } from '../../services/request/server-rules.ts';
import type { Tool } from '../../services/request/tools.ts';
import { shorten } from '../../services/shorten.ts';
import type { CommandContext } from '../command.ts';
import { refusalHere } from '../here.ts';
import { quote } from '../markdown.ts';
import type { Text } from '../text/index.ts';

const EVERYBODY = 'everybody';
const QUOTED_CHARACTERS = 300;

/** Why a tool can't be used here at all; null if it can. Call it before looking anything up for the tool. */
export async function toolRefusal(
  interaction: RepliableInteraction,
  tool: Tool,
  context: CommandContext,
): Promise<string | null> {
  const { ledger, tools, text } = context;
  const refusal = await refusalHere(interaction, context);
  if (refusal !== null) return refusal.words;
  const problem = findToolProblem(await ledger.serverRules.of(interaction.guildId), tool, tools);
  return problem && text.problem(problem);
}

/** Counts an answer of a tool that writes. If there can be none now, it counts nothing and returns the person's reason. */
export function spendAnswer(
  { user }: RepliableInteraction,
  { writtenAnswers, writtenAnswersOverall, text }: CommandContext,
): string | null {
  const freeAt = writtenAnswers.freeAt(user.id) ?? writtenAnswersOverall.freeAt(EVERYBODY);
  if (freeAt !== null) return text.tool.tooManyAnswers(freeAt);
  writtenAnswers.take(user.id);
  writtenAnswersOverall.take(EVERYBODY);
  return null;
}

export type Written = { readonly said: string } | { readonly failure: string };

/** Asks a tool that writes, once. Returns its answer, or for the person why there is none. */
export async function written(
  ask: () => Promise<{ text: string }>,
  { text, log }: Pick<CommandContext, 'text' | 'log'>,
): Promise<Written> {
  try {
    return { said: (await ask()).text };
  } catch (err) {
    if (!(err instanceof ImageServiceError)) throw err;
    log.warn({ err }, 'the image service has written no answer');
    return { failure: failureWords(err, text) };
  }
}

function failureWords({ kind, charged, serviceMessage }: ImageServiceError, text: Text): string {
  const why =
    charged === 'maybe' && kind !== 'content-policy' ? text.tool.lostAnswer : reasonWords(kind, text);
  return serviceMessage ? `${why}\n${quote(shorten(serviceMessage, QUOTED_CHARACTERS))}` : why;
}

function reasonWords(kind: ImageServiceError['kind'], { tool }: Text): string {
  const { noAnswer } = tool;
  return (Object.hasOwn(noAnswer, kind) && noAnswer[kind as keyof typeof noAnswer]) || noAnswer.unavailable;
}
