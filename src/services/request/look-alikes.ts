/**
 * Letters that look like one of the Latin alphabet: from Unicode's confusables.txt (security mechanisms, UTS 39), its
 * single letters of Latin, Cyrillic and Greek without their marks, and the small capitals. No library for it is kept up.
 */
const LOOK_ALIKES = {
  a: 'ɑΑαАаᴀ',
  b: 'ƀƂƃƄɓʙΒБВЬвѢѣҌҍꞴ',
  c: 'ȼСсҪҫᴄ',
  d: 'ÐĐđƉƌɖɗԁᴅ',
  e: 'ɆɇΕЕеҽҿᴇꬲ',
  f: 'ƑƒϜᵮẝꜰꞘꞙꬵ',
  g: 'ƍǤǥɠɡɢԌԍᶃ',
  h: 'ĦħɦʜΗНнћҢңһӇӈӉӊⱧꚕ',
  i: 'ıɨɩɪΙιІіӏᵻᵼꙇ',
  j: 'ɈɉͿϳЈјᴊꞲ',
  k: 'ĸƙΚκКкҚқҞҟᴋⱩꝀ',
  l: 'ŁłƖƗƚǀɫɭʟӀ',
  m: 'ΜϺМӍᴍ',
  n: 'ƝƞɳɴΝηᵰ',
  o: 'ØøƟɵΘΟθοσОоѲѳӨөᴏᴑꝊꝋꬽꬾ',
  p: 'ƥΡρРрᴘᴩᵽ',
  q: 'ʠԛꞯ',
  r: 'Ʀɍɼɽʀгғᴦᵲꭇꭈ',
  s: 'ƽʂЅѕᵴꜱ',
  t: 'ŦŧƭƮȾΤτТтҬҭᴛᵵ',
  u: 'Ʉʋυᴜᵾꞟꭎꭒ',
  v: 'νѴѵᴠ',
  w: 'ɯѡѽԜԝᴡꝡ',
  x: 'ΧХхҲꞳ',
  y: 'ƴɎɏɣʏΥγУуҮүҰұᶌỿꭚ',
  z: 'ƵƶȤȥʐΖᴢᵶ',
};

const LATIN = new Map(
  Object.entries(LOOK_ALIKES).flatMap(([letter, alike]) => [...alike].map((each) => [each, letter] as const)),
);

/** Rows of the alphabet that Unicode doesn't take for letters: in parentheses, in black circles and squares, of flags. */
const ROWS = [0x249c, 0x1f110, 0x1f150, 0x1f170, 0x1f1e6];
const LETTERS = 26;

/** The small Latin letter that a character looks like; null where it looks like none, or is one. */
export function latinAlike(character: string): string | null {
  const known = LATIN.get(character);
  if (known) return known;
  const code = character.codePointAt(0) ?? 0;
  const row = ROWS.find((start) => code >= start && code < start + LETTERS);
  return row === undefined ? null : String.fromCharCode(A + code - row);
}

const A = 'a'.charCodeAt(0);
