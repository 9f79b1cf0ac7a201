/** Only this much of a page of HTML is read. */
const PAGE_MAX_CHARACTERS = 20_000;

const MARKUP = /<(?:!|\/?[a-z])[^<>]*>/i;

/**
 * The words of a page or piece of HTML on one line; any other text as it is. Takes time linear in the text's length.
 */
export function plainWords(text: string): string {
  if (!text.includes('<')) return text;
  const page = text.slice(0, PAGE_MAX_CHARACTERS);
  return MARKUP.test(page) ? decode(withoutTags(page)).replace(/\s+/g, ' ').trim() : text;
}

function withoutTags(page: string): string {
  const words: string[] = [];
  for (let at = 0; at < page.length; ) {
    const open = page.indexOf('<', at);
    words.push(page.slice(at, open === -1 ? undefined : open));
    if (open === -1) break;
    const end = endOfTag(page, open);
    if (end === open) words.push('<');
    else words.push(' ');
    at = Math.max(end, open + 1);
  }
  return words.join('');
}

/** The position after the tag, comment, script or style that begins at `open`; `open` itself when none begins there. */
function endOfTag(page: string, open: number): number {
  const name = /^<(!--|!|\/?[a-z][a-z\d]*)/i.exec(page.slice(open, open + 12))?.[1]?.toLowerCase();
  if (name === undefined) return open;
  const closing = CLOSINGS.get(name) ?? '>';
  const end = page.indexOf(closing, open);
  return end === -1 ? page.length : end + closing.length;
}

const CLOSINGS: ReadonlyMap<string, string> = new Map([
  ['!--', '-->'],
  ['script', '</script>'],
  ['style', '</style>'],
]);

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,5}));/gi, (entity, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? entity;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : entity;
  });
}
