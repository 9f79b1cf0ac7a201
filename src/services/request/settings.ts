import type { ModelId, Quality, Ratio, Resolution } from './models.ts';

/** How the bot notifies a person that their images are done: the edit of a reply alone notifies nobody. */
export type Notify = 'off' | 'mention' | 'direct';

/** A person's own defaults; null for options that they leave to the bot. */
export interface Settings {
  readonly model: ModelId | null;
  readonly ratio: Ratio | null;
  readonly resolution: Resolution | null;
  readonly quality: Quality | null;
  readonly private: boolean | null;
  readonly notify: Notify;
  /** Notifies only when the images took longer than this; 0 for always. */
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
