/**
 * Letters that look like a Latin letter, from Unicode's confusables.txt (security mechanisms, UTS 39): single letters
 * without their marks, of scripts with similar letters, and the small capitals. No maintained library offers this.
 */
const LOOK_ALIKES = {
  a: 'ɑΑαАаᎪᗅᴀꓮꭺ𐊠',
  b: 'ƀƂƃƄɓʙΒБВЬвѢѣҌҍᏏᏴᏼᖯᗷꓐꞴꮟ𐊂𐊡𐌁',
  c: 'ȼСсҪҫᏟᴄⲤⲥꓚꮯ𐊢𐌂𐐕𐐽𑣩𑣲',
  d: 'ÐðĐđƉƌɖɗԁᎠᏧᑯᗞᗪᴅꓒꓓꭰꮷ',
  e: 'ɆɇΕЕеҽҿᎬᴇⴹꓰꬲꭼ𐊆𑢦𑢮',
  f: 'ƑƒʄϜքᖴᵮẝꓝꜰꞘꞙꬵ𐊇𐊥𑢢𑣂',
  g: 'ƍǤǥɠɡɢԌԍցᏀᏳᏻᶃꓖꮐ',
  h: 'ĦħɦʜΗНнћҢңһӇӈӉӊհᎻᏂᏲᏺᕼⱧⲎⲏꓧꚕꮋꮒ𐋏',
  i: 'ıɨɩɪΙιІіᎥᵻᵼⲒⲓꓲꙇꭵ𐌉𑣃',
  j: 'ɈɉͿϳЈјᎫᒍᴊꓙꞲꭻ',
  k: 'ĸƙΚκКкҚқҞҟᏦᴋⱩⲔⲕꓗꝀꮶ',
  l: 'ŁłƖƗƚǀɫɭʟӀӏᏞᒪⳐꓡꮮ𐊊𐌠𐐛𑢣𑢲',
  m: 'ΜϺМӍᎷᗰᴍⲘⲙꓟꮇ𐊰𐌑',
  n: 'ƝƞɳɴΝηոռᵰⲚⲛꓠ',
  o: 'ØøƟɵΘΟθοσОоѲѳӨөՕօჿᎤᎾᏫᴏᴑⲞⲟⴱⵁⵔꓳꝊꝋꬽꬾꭴꮎꮻ𐊒𐊫𐐄𐐬𐓂𐓪𑢵𑣈𑣗𑣠',
  p: 'ƥΡρРрᏢᑭᴘᴩᵽⲢⲣꓑꮲ𐊕',
  q: 'ʠԛգզⵕꞯ',
  r: 'ƦɍɼɽʀгғᎡᎱᏒᖇᴦᵲⲅꓣꭇꭈꭱꮁꮢ𐒴',
  s: 'ƽʂЅѕՏᏕᏚᵴꓢꜱꞩꮥꮪ𐊖𐐠𐑈𑣁',
  t: 'ŦŧƭƮȾΤτТтҬҭᎢᴛᵵⲦⲧꓔꭲ𐊗𐊱𐌕𑢼',
  u: 'ɄʊʋυՍսᏌᑌᴜᵾꓴꞟꭎꭒꮜ𐓎𐓶𑢸𑣘',
  v: 'νѴѵᏙᐯᴠⴸꓦꮩ𑢠𑣀',
  w: 'ɯѡѽԜԝաᎳᏔᴡꓪꝡꮃꮤ𑣦𑣯',
  x: 'ΧХхҲᕁᕽ᙭᙮ⲬⲭⵝꓫꞳ𐊐𐊴𐌗𐌢𑣬',
  y: 'ƴɎɏɣʏΥγУуҮүҰұყᎩᎽᶌỿⲨⲩꓬꭚꭹꮍ𐊲𑢤𑣜',
  z: 'ƵƶȤȥʐΖᏃᴢᵶꓜꮓ𑢩𑣄𑣥',
};

const LATIN = new Map(
  Object.entries(LOOK_ALIKES).flatMap(([letter, alike]) => [...alike].map((each) => [each, letter] as const)),
);

/**
 * Alphabets that Unicode doesn't count as letters: in parentheses, in black circles and squares, and those of flags.
 */
const ROWS = [0x249c, 0x1f110, 0x1f150, 0x1f170, 0x1f1e6];
const LETTERS = 26;

/** The small Latin letter that a character looks like; null when it looks like none, or is one itself. */
export function latinAlike(character: string): string | null {
  const known = LATIN.get(character);
  if (known) return known;
  const code = character.codePointAt(0) ?? 0;
  const row = ROWS.find((start) => code >= start && code < start + LETTERS);
  return row === undefined ? null : String.fromCharCode(A + code - row);
}

const A = 'a'.charCodeAt(0);
