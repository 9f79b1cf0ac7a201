import { isTextTool } from '../../services/request/tools.ts';
import { draftFor, tell } from '../access.ts';
import type { Button } from '../handlers.ts';
import { fromRefusal } from '../kept.ts';
import { requestImages } from '../request-images.ts';
import { decodePick } from './question.view.ts';

/** Uses a tool as the person chose in its question, in a new reply. */
export const useTool: Button = {
  action: 'tool',
  async run(interaction, { subject, detail }, context) {
    const { text } = context;
    const draft = await draftFor(interaction, subject, context);
    if (!draft || subject === null) return;
    const { tool } = draft.request;
    const picked = tool && !isTextTool(tool) ? decodePick(tool.name, detail) : null;
    const reference = picked && draft.references[picked.index];
    if (!picked || !reference) return tell(interaction, text.unknownButton);
    const request = { ...draft.request, tool: picked.tool };
    const kept = fromRefusal(interaction, subject, { isAgreed: true, isPrivate: draft.private });
    // A refusal appears in the question itself, so that its buttons can be pressed again.
    const answer = ({ content }: { content: string }) => interaction.update({ content });
    await requestImages(interaction, { ...draft, request, references: [reference] }, context, {
      ...kept,
      answer,
    });
  },
};
