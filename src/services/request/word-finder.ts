/** Whether the text contains a word at a position for which `isRight` is true. */
export type WordFinder = (word: string, isRight: (at: number) => boolean) => boolean;

/**
 * Finds words in a text, only at the given positions. The positions are sorted by the text that follows them, up to the
 * length of the longest word. So each word takes few steps, even in repetitive texts and lists.
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

/** Finds the first entry whose key doesn't sort before the word, by binary search. */
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
