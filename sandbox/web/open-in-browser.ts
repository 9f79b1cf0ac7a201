import open from 'open';

/** Opens a page in the default browser. Failing is harmless, since the URL is printed too. */
export async function openInBrowser(url: string): Promise<void> {
  const { DISPLAY, WAYLAND_DISPLAY, SSH_CONNECTION } = process.env;
  const hasWindows = process.platform !== 'linux' || DISPLAY !== undefined || WAYLAND_DISPLAY !== undefined;
  if (!process.stdin.isTTY || !hasWindows || SSH_CONNECTION !== undefined) return;
  const launched = await open(url).catch(() => null);
  launched?.on('error', () => undefined);
}
