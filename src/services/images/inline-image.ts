/**
 * Stands in an image's address where the service has put the image into its answer: the bytes go into no row, and are
 * asked for when there is room for them. It is no URL, so that nothing links it or fetches from it.
 */
export const INLINE_IMAGE = 'inline';
