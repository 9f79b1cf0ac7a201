const PROXY_NAMES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];

/** What the start says of a proxy that the environment names; null where it names none. */
export function proxyWarning(env: Record<string, string | undefined>): string | null {
  const names = PROXY_NAMES.filter((name) => env[name]?.trim());
  if (names.length === 0) return null;
  return `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} set, but the bot uses no proxy: it connects to Discord (REST and gateway), to the image service and to the addresses of images directly. A host without a direct way out needs a tunnel or a VPN.`;
}
