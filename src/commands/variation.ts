import { modelOf } from '../services/request/models.ts';
import { type ImageRequest, PROMPT_MAX_CHARACTERS } from '../services/request/request.ts';
import { shorten } from '../services/shorten.ts';
import { TEXTS, type Text } from './text/index.ts';

/** How far a variation goes from its image. */
export type Strength = keyof Text['variation'];

/**
 * The prompt for a variation of the request's image, which is sent as a reference. The service has no setting for
 * variations, so the prompt asks for one in words that the person sees and can change. They come last, because lists show
 * how a prompt begins. For a variation of a variation, the earlier words are removed.
 */
export function variationPrompt(
  { prompt, model }: Pick<ImageRequest, 'prompt' | 'model'>,
  strength: Strength,
  { variation }: Text,
): string {
  const asked = variation[strength];
  const longest = Math.min(
    PROMPT_MAX_CHARACTERS,
    modelOf(model).maxPromptCharacters ?? PROMPT_MAX_CHARACTERS,
  );
  // The image tells more than the end of a very long prompt.
  return `${shorten(withoutVariation(prompt), longest - GAP.length - asked.length)}${GAP}${asked}`;
}

const GAP = '\n\n';

function withoutVariation(prompt: string): string {
  const endings = TEXTS.flatMap(({ variation }) => Object.values(variation)).map((asked) => GAP + asked);
  const found = endings.find((ending) => prompt.endsWith(ending));
  return found === undefined ? prompt : prompt.slice(0, -found.length);
}
