import { z } from 'zod';
import { TOOLS, type Tool } from './tools.ts';

/** A list of tools in the environment; `none` for no tools. */
export const toolList = z.string().transform((text, context): Tool[] => {
  const named = text.split(',').flatMap((name) => name.trim() || []);
  if (named.join() === NONE) return [];
  const unknown = named.filter((name) => !TOOLS.some((tool) => tool === name));
  if (unknown.length === 0) return TOOLS.filter((tool) => named.includes(tool));
  context.addIssue(
    `names ${unknown.join(', ')}, which is no tool: list some of ${TOOLS.join(', ')}, or say ${NONE}`,
  );
  return z.NEVER;
});

const NONE = 'none';
