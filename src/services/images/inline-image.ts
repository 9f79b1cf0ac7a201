/**
 * Stored instead of an image's URL when the service has put the image into its answer. The rows don't hold the bytes;
 * the bot asks for them again when there is room in memory. It isn't a URL, so that nothing links to it or fetches it.
 */
export const INLINE_IMAGE = 'inline';
