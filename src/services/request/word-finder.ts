/** Whether a word stands in the text at a place that is right. */
export type WordFinder = (word: string, isRight: (at: number) => boolean) => boolean;

/**
 * Finds whether words stand in a text, among the places at which one may begin. These are sorted by what follows them, as far
 * as the longest word reaches, so that each word takes a few steps, however words and text repeat themselves or each other.
 */
export function createWordFinder(text: string, begins: readonly number[], longest: number): WordFinder {
  const placesBefore = new Map<string, number[]>();
  for (const at of begins) {
    const ahead = text.slice(at, at + longest);
    const places = placesBefore.get(ahead);
    if (places) places.push(at);
    else placesBefore.set(ahead, [at]);
  }
  const sorted = [...placesBefore].sort(([one], [other]) => (one < other ? -1 : 1));

  return (word, isRight) => {
    if (word === '' || word.length > longest) return false;
    for (let at = firstFrom(sorted, word); at < sorted.length; at += 1) {
      const [ahead, places] = sorted[at] as [string, number[]];
      if (!ahead.startsWith(word)) return false;
      if (places.some(isRight)) return true;
    }
    return false;
  };
}

/** The first entry, by bisection, whose key doesn't come before the word. */
function firstFrom(sorted: readonly (readonly [string, unknown])[], word: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.[0] ?? '') < word) low = middle + 1;
    else high = middle;
  }
  return low;
}
