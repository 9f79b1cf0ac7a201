/**
 * The size of a file that every place accepts, for when the interaction names no limit (docs: reference, "Uploading
 * Files").
 */
export const DEFAULT_FILE_LIMIT_BYTES = 10 * 1024 * 1024;

/**
 * The longest look-up before the first answer, which Discord wants within 3 s (docs:
 * interactions/receiving-and-responding).
 */
export const LOOK_BEFORE_ANSWER_MS = 1500;

/** An interaction's token expires after this time (docs: interactions/receiving-and-responding). */
export const TOKEN_LIFE_MS = 15 * 60_000;

/** The most files in one message (docs: resources/message). */
export const FILES_MAX = 10;

/** The most bytes of files in one request, less some room for its text (docs: reference, "Uploading Files"). */
export const REQUEST_LIMIT_BYTES = 24 * 1024 * 1024;
