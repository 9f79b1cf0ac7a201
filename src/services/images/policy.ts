import { isIP } from 'node:net';
import { isPublicAddress } from './address.ts';

/** How far a URL is trusted: 'trusted' may be at any address, 'public' at public ones only, 'forbidden' isn't fetched. */
export type Trust = 'trusted' | 'public' | 'forbidden';
export type FetchPolicy = (url: URL) => Trust;

const DISCORD_ORIGIN = 'https://discord.com';
/** The last two hold Discord's copies of the images in embeds. */
const DISCORD_CDN_ORIGINS = [
  'https://cdn.discordapp.com',
  'https://media.discordapp.net',
  'https://images-ext-1.discordapp.net',
  'https://images-ext-2.discordapp.net',
];

/** Attachments come from Discord's CDN only, or from the stand-in for Discord that DISCORD_API_URL may name. */
export function attachmentPolicy(discordApiUrl: string): FetchPolicy {
  const origins = new Set(DISCORD_CDN_ORIGINS);
  const apiOrigin = new URL(discordApiUrl).origin;
  if (apiOrigin !== DISCORD_ORIGIN) origins.add(apiOrigin);
  return (url) => (isPlain(url) && origins.has(url.origin) ? 'trusted' : 'forbidden');
}

/**
 * Results come from anywhere on the public internet, or from the service itself, which may run in a private network.
 */
export function resultPolicy(serviceBaseUrl: string): FetchPolicy {
  const serviceOrigin = new URL(serviceBaseUrl).origin;
  return (url) => {
    if (!isPlain(url)) return 'forbidden';
    if (url.origin === serviceOrigin) return 'trusted';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    // A name is checked when it is resolved; an IP address never is, so it is checked here.
    return isIP(host) !== 0 && !isPublicAddress(host) ? 'forbidden' : 'public';
  };
}

function isPlain(url: URL): boolean {
  const isHttp = url.protocol === 'https:' || url.protocol === 'http:';
  return isHttp && url.username === '' && url.password === '';
}
