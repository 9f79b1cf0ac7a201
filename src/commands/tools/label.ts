import { TOOLS } from '../../services/request/tools.ts';
import type { Text } from '../text/index.ts';

/** A tool's name; null for a tool that this version doesn't know. */
export function toolLabel(id: string, { tool }: Text): string | null {
  const known = TOOLS.find((each) => each === id);
  return known ? tool.name[known] : null;
}
