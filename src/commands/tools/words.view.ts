import type { JobState } from '../../services/generations/job.ts';
import { asPrompt } from '../../services/request/request.ts';
import type { TextTool } from '../../services/request/tools.ts';
import { buttonRows, type MessageView } from '../components.ts';
import { endingLines } from '../ending.view.ts';
import { rescueButtons } from '../next-buttons.ts';
import type { Text } from '../text/index.ts';
import { renderDescription } from './describe.view.ts';
import { renderEnhanced, renderNotEnhanced } from './enhance.view.ts';

/**
 * Shows what a tool has answered, or why there is no answer. The drafts to go on with have the ids of the task and, for
 * the typed prompt, of the generation. Pure.
 */
export function renderWords(state: JobState, tool: TextTool, text: Text): MessageView {
  const { id, request } = state.generation;
  const tasks = state.tasks.map(({ row }) => row);
  const [task] = tasks;
  const answer = task?.answer ?? null;
  const isDescription = tool.name === 'describe';
  if (task && answer !== null && task.reason === null) {
    const prompt = asPrompt(answer, request);
    if (isDescription) return renderDescription(prompt, task.id, text);
    return renderEnhanced(
      { typed: request.prompt, enhanced: prompt },
      { typed: id, enhanced: task.id },
      text,
    );
  }
  const words = endingLines(state, text).join('\n');
  const rescue = rescueButtons({ generation: state.generation, tasks }, text);
  return isDescription
    ? { content: words, embeds: [], components: buttonRows(rescue) }
    : renderNotEnhanced({ words, rescue }, request.prompt, id, text);
}
