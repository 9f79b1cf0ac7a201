/** Where a word ends in a text, and which of the words it is. */
export interface Occurrence {
  readonly word: number;
  readonly start: number;
  readonly end: number;
}

interface Node {
  readonly next: Map<string, Node>;
  /** What is known of the text when the word that was begun doesn't go on. */
  fallback: Node | null;
  /** The words that end here. */
  readonly words: number[];
  /** The nearest node on the way back at which a word ends. */
  ending: Node | null;
}

/**
 * Finds all words in a text by looking at each of its characters once (Aho and Corasick), however they repeat
 * themselves or each other. Empty words are nowhere.
 */
export function* occurrences(text: string, words: readonly string[]): Generator<Occurrence> {
  const root = build(words);
  let node = root;
  for (let at = 0; at < text.length; at += 1) {
    node = follow(node, text.charAt(at), root);
    for (let found: Node | null = node; found; found = found.ending) {
      for (const word of found.words) yield { word, start: at + 1 - lengthOf(words, word), end: at + 1 };
    }
  }
}

function build(words: readonly string[]): Node {
  const root = createNode();
  for (const [index, word] of words.entries()) {
    const last = word.split('').reduce(grow, root);
    if (last !== root) last.words.push(index);
  }
  // In the order of their depth: what a node falls back to is known before it.
  const queue = [root];
  for (const node of queue) {
    for (const [unit, next] of node.next) {
      next.fallback = node === root ? root : follow(node.fallback, unit, root);
      next.ending = next.fallback.words.length > 0 ? next.fallback : next.fallback.ending;
      queue.push(next);
    }
  }
  return root;
}

function grow(node: Node, unit: string): Node {
  const next = node.next.get(unit) ?? createNode();
  node.next.set(unit, next);
  return next;
}

function follow(from: Node | null, unit: string, root: Node): Node {
  for (let node = from; node; node = node.fallback) {
    const next = node.next.get(unit);
    if (next) return next;
  }
  return root;
}

function createNode(): Node {
  return { next: new Map(), fallback: null, words: [], ending: null };
}

function lengthOf(words: readonly string[], index: number): number {
  return words[index]?.length ?? 0;
}
