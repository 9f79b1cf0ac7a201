import type { RepliableInteraction } from 'discord.js';
import type { ImageRequest } from '../../services/request/request.ts';
import { findToolProblem } from '../../services/request/server-rules.ts';
import { isTextTool, type Tool } from '../../services/request/tools.ts';
import type { CommandContext } from '../command.ts';
import { refusalHere } from '../here.ts';

const EVERYBODY = 'everybody';

/** Why a tool can't be used here at all; null if it can. Call it before looking anything up for the tool. */
export async function toolRefusal(
  interaction: RepliableInteraction,
  tool: Tool,
  context: CommandContext,
): Promise<string | null> {
  const { rules, tools, text } = context;
  const refusal = await refusalHere(interaction, context);
  if (refusal !== null) return refusal.words;
  const problem = findToolProblem(await rules(), tool, tools);
  return problem && text.problem(problem);
}

/**
 * Counts the answer of a tool that writes, whatever other limits there are. If there can be none now, it counts nothing and
 * returns the person's reason. Null for all other requests.
 */
export function spendAnswer(
  { user }: RepliableInteraction,
  { tool }: Pick<ImageRequest, 'tool'>,
  { writtenAnswers, writtenAnswersOverall, text }: CommandContext,
): string | null {
  if (!isTextTool(tool)) return null;
  const freeAt = writtenAnswers.freeAt(user.id) ?? writtenAnswersOverall.freeAt(EVERYBODY);
  if (freeAt !== null) return text.tool.tooManyAnswers(freeAt);
  writtenAnswers.take(user.id);
  writtenAnswersOverall.take(EVERYBODY);
  return null;
}
