import type { ModelId, Quality, Ratio, Resolution } from './models.ts';

/** How a person is told besides the reply that it is done: an edit alone notifies nobody. */
export type Notify = 'off' | 'mention' | 'direct';

/** What a person wants unless they say otherwise; null where they leave it to the bot. */
export interface Settings {
  readonly model: ModelId | null;
  readonly ratio: Ratio | null;
  readonly resolution: Resolution | null;
  readonly quality: Quality | null;
  readonly private: boolean | null;
  readonly notify: Notify;
  /** Only where it took longer than this; 0 for always. */
  readonly notifyAfterSeconds: number;
}

export const NO_SETTINGS: Settings = {
  model: null,
  ratio: null,
  resolution: null,
  quality: null,
  private: null,
  notify: 'off',
  notifyAfterSeconds: 0,
};
