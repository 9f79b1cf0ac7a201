/** What every place takes per file where the interaction doesn't say (docs: reference, "Uploading Files"). */
export const DEFAULT_FILE_LIMIT_BYTES = 10 * 1024 * 1024;
