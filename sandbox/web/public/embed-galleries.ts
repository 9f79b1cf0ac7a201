import type { APIEmbed, APIEmbedImage } from 'discord-api-types/v10';

/** An embed as Discord's client shows it, with the images of those that are one with it. */
export interface ShownEmbedGallery {
  readonly embed: APIEmbed;
  /** Its place among the message's embeds. */
  readonly index: number;
  readonly images: readonly APIEmbedImage[];
}

/** Embeds of one address are one: the first, with the images of all. What else the others say is not shown. */
export function embedGalleries(embeds: readonly APIEmbed[]): ShownEmbedGallery[] {
  const shown = embeds.map((embed, index) => ({
    embed,
    index: firstOf(embeds, embed, index),
    images: embed.image ? [embed.image] : [],
  }));
  return [...Map.groupBy(shown, ({ index }) => index).values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ ...first, images: group.flatMap(({ images }) => images) }] : [];
  });
}

function firstOf(embeds: readonly APIEmbed[], { url, image }: APIEmbed, index: number): number {
  if (url === undefined || !image) return index;
  return embeds.findIndex((other) => other.url === url);
}
