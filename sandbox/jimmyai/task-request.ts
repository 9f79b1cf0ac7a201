import type { PixelSize } from './pixel-size.ts';
import type { CreateRequest } from './rules.ts';

/** What is asked for: with pixels where the API that it came by names those. */
export type TaskRequest = Omit<CreateRequest, 'model'> & {
  readonly model: string;
  readonly size?: PixelSize;
};
