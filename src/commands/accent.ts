/** The bot's one accent colour. */
export const ACCENT = 0x7c5cff;
