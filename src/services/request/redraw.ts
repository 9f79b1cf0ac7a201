import { shorten } from '../shorten.ts';
import { PROMPT_MAX_CHARACTERS } from './request.ts';

/** Tells a model what to do with its own picture. With the prompt alone, it draws something new. */
const REPRODUCE =
  '\n\nReproduce the attached image at a higher resolution: the same content, composition, colours and style. Change nothing else.';

/** The prompt for drawing an image again, larger. If the prompt already says so, it isn't repeated. */
export function redrawPrompt(prompt: string): string {
  const first = prompt.endsWith(REPRODUCE) ? prompt.slice(0, -REPRODUCE.length) : prompt;
  return shorten(first, PROMPT_MAX_CHARACTERS - REPRODUCE.length) + REPRODUCE;
}
