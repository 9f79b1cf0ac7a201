import type { ModelId, Quality, Ratio, Resolution } from '../request/models.ts';
import { NO_SETTINGS, type Notify, type Settings } from '../request/settings.ts';
import type { Database, Steps } from './database.ts';

const SQL = {
  of: 'SELECT * FROM settings WHERE user_id = :userId',
  save: `INSERT INTO settings (user_id, model, ratio, resolution, quality, private, notify, notify_after_seconds)
         VALUES (:userId, :model, :ratio, :resolution, :quality, :private, :notify, :notifyAfterSeconds)
         ON CONFLICT (user_id) DO UPDATE SET model = excluded.model, ratio = excluded.ratio,
           resolution = excluded.resolution, quality = excluded.quality, private = excluded.private,
           notify = excluded.notify, notify_after_seconds = excluded.notify_after_seconds`,
  lastLocale: 'SELECT locale FROM generations WHERE user_id = :userId ORDER BY id DESC LIMIT 1',
} as const;

export interface SettingsLedger {
  of(userId: string): Promise<Settings>;
  /** Writes the given fields; the others stay, even if they have changed meanwhile. Returns the new settings. */
  save(userId: string, changed: Partial<Settings>): Promise<Settings>;
  /** The locale of their last request; null when they never made one. */
  lastLocaleOf(userId: string): Promise<string | null>;
}

export function createSettingsLedger(db: Database): SettingsLedger {
  const statements = db.prepare(SQL);

  function* stored(userId: string): Steps<Settings> {
    const row = yield* statements.of.get({ userId });
    return row ? settingsFromRow(row) : NO_SETTINGS;
  }

  return {
    of: (userId) => db.read(() => stored(userId)),
    save(userId, changed) {
      return db.write(function* () {
        const settings = { ...(yield* stored(userId)), ...changed };
        const isPrivate = settings.private === null ? null : Number(settings.private);
        yield* statements.save.run({ ...settings, userId, private: isPrivate });
        return settings;
      }, `settings of ${userId}`);
    },
    async lastLocaleOf(userId) {
      const row = await db.read(() => statements.lastLocale.get({ userId }));
      return (row?.locale as string | undefined) ?? null;
    },
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
