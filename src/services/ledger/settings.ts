import type { DatabaseSync } from 'node:sqlite';
import type { ModelId, Quality, Ratio, Resolution } from '../request/models.ts';
import { NO_SETTINGS, type Notify, type Settings } from '../request/settings.ts';
import type { Write } from './sqlite/group-commit.ts';
import { prepareAll } from './sqlite/statements.ts';

const SQL = {
  of: 'SELECT * FROM settings WHERE user_id = ?',
  save: `INSERT INTO settings (user_id, model, ratio, resolution, quality, private, notify, notify_after_seconds)
         VALUES (:userId, :model, :ratio, :resolution, :quality, :private, :notify, :notifyAfterSeconds)
         ON CONFLICT (user_id) DO UPDATE SET model = :model, ratio = :ratio, resolution = :resolution, quality = :quality,
           private = :private, notify = :notify, notify_after_seconds = :notifyAfterSeconds`,
  lastLocale: 'SELECT locale FROM generations WHERE user_id = ? ORDER BY id DESC LIMIT 1',
} as const;

export interface SettingsLedger {
  of(userId: string): Promise<Settings>;
  /** Writes what is given; the rest stays, whoever has changed it meanwhile. Returns the settings as they are now. */
  save(userId: string, changed: Partial<Settings>): Promise<Settings>;
  /** The locale that they last asked for an image with; null where they never did. */
  lastLocaleOf(userId: string): Promise<string | null>;
}

export function createSettingsLedger(db: DatabaseSync, write: Write): SettingsLedger {
  const statements = prepareAll(db, SQL);

  function stored(userId: string): Settings {
    const row = statements.of.get(userId);
    return row ? settingsFromRow(row) : NO_SETTINGS;
  }

  return {
    of: async (userId) => stored(userId),
    save(userId, changed) {
      return write(() => {
        const settings = { ...stored(userId), ...changed };
        const isPrivate = settings.private === null ? null : Number(settings.private);
        statements.save.run({ ...settings, userId, private: isPrivate });
        return settings;
      });
    },
    lastLocaleOf: async (userId) => (statements.lastLocale.get(userId)?.locale as string | undefined) ?? null,
  };
}

function settingsFromRow(row: Record<string, unknown>): Settings {
  return {
    model: row.model as ModelId | null,
    ratio: row.ratio as Ratio | null,
    resolution: row.resolution as Resolution | null,
    quality: row.quality as Quality | null,
    private: row.private === null ? null : row.private === 1,
    notify: row.notify as Notify,
    notifyAfterSeconds: row.notify_after_seconds as number,
  };
}
