import type { APILabelComponent, ModalSubmitFields } from 'discord.js';
import { QUALITIES, RESOLUTIONS, resolutionLabel } from '../services/request/models.ts';
import { COUNT_MAX, type ImageRequest } from '../services/request/request.ts';
import { qualityToSend } from '../services/request/sent.ts';
import { allPickedIn, pickSome } from './select.ts';
import type { Text } from './text/index.ts';

type Options = Pick<ImageRequest, 'count' | 'resolution' | 'quality' | 'transparent'>;

interface Choice {
  readonly value: string;
  readonly change: Partial<Options>;
  labelIn(text: Text): string;
}

const NAME = 'options';
const COUNTS = Array.from({ length: COUNT_MAX }, (_, index) => index + 1);

const CHOICES: readonly Choice[] = [
  ...COUNTS.map((count) => choice({ count }, ({ images }) => images(count))),
  ...RESOLUTIONS.map((resolution) =>
    choice({ resolution }, ({ modal }) => modal.inResolution(resolutionLabel(resolution))),
  ),
  ...QUALITIES.map((quality) =>
    choice({ quality }, (text) =>
      quality === 'auto' ? text.quality.auto : text.modal.inQuality(text.quality[quality]),
    ),
  ),
  choice({ transparent: true }, ({ modal }) => modal.transparent),
];

/**
 * Number, resolution, quality and transparency in one field, because a modal has at most five. A person who picks
 * another number needn't unpick the old one; the new one counts.
 */
export function optionsField(request: ImageRequest, text: Text): APILabelComponent {
  const values = CHOICES.map(({ value }) => value);
  const picked = CHOICES.filter((choice) => isOf(choice, request)).map(({ value }) => value);
  const labelOf = (value: string) => CHOICES.find((choice) => choice.value === value)?.labelIn(text) ?? value;
  const { modal } = text;
  return {
    ...pickSome(NAME, modal.options, values, picked, labelOf),
    description: modal.optionsHint,
  };
}

/** The picked options; all unchanged when the form came without an answer. */
export function readOptions(fields: ModalSubmitFields, was: ImageRequest): Options {
  const { count, resolution, quality, transparent } = was;
  const values = allPickedIn(
    fields,
    NAME,
    CHOICES.map(({ value }) => value),
  );
  if (!values) return { count, resolution, quality, transparent };
  const picked = CHOICES.filter(({ value }) => values.includes(value));
  const anew = picked.filter((choice) => !isOf(choice, was)).map(({ change }) => change);
  const isPicked = (option: keyof Options) => picked.some(({ change }) => option in change);
  return {
    count,
    resolution,
    // A quality that the person left at the model's default isn't asked of another model.
    quality: isPicked('quality') ? quality : null,
    transparent: isPicked('transparent'),
    // If several new values of a kind are picked, the first counts.
    ...Object.assign({}, ...anew.toReversed()),
  };
}

function choice(change: Partial<Options>, labelIn: Choice['labelIn']): Choice {
  return { value: Object.entries(change).flat().join(':'), change, labelIn };
}

function isOf({ change }: Choice, request: ImageRequest): boolean {
  const options: Options = { ...request, quality: qualityToSend(request) };
  return (Object.keys(change) as (keyof Options)[]).every((option) => change[option] === options[option]);
}
