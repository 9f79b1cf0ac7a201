/** The bot's accent colour. */
export const ACCENT = 0x7c5cff;
