/** What every place takes per file where the interaction doesn't say (docs: reference, "Uploading Files"). */
export const DEFAULT_FILE_LIMIT_BYTES = 10 * 1024 * 1024;

/** How long something may be looked up before the first answer, which Discord wants within 3 s (docs: interactions/receiving-and-responding). */
export const LOOK_BEFORE_ANSWER_MS = 1500;

/** An interaction's token is of no use afterwards (docs: interactions/receiving-and-responding). */
export const TOKEN_LIFE_MS = 15 * 60_000;

/** What one message may carry (docs: resources/message). */
export const FILES_MAX = 10;

/** What one request may weigh altogether, with some room for its text (docs: reference, "Uploading Files"). */
export const REQUEST_LIMIT_BYTES = 24 * 1024 * 1024;
