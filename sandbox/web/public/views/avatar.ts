const COLOURS = ['#5865f2', '#3ba55d', '#eb459e', '#f0883e', '#3498db', '#9b59b6'];

/** A picture for people without an avatar: the first letter of their name on a colour that depends on it. */
export function avatarOf(name: string): string {
  const sum = [...name].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  const colour = COLOURS[sum % COLOURS.length];
  const letter = [...name][0]?.toUpperCase() ?? '?';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" fill="${colour}"/><text x="20" y="27" font-size="19" font-family="sans-serif" font-weight="600" fill="#fff" text-anchor="middle">${escaped(letter)}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

function escaped(letter: string): string {
  return letter.replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
