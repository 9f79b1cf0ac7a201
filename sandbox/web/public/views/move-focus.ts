/** Moves the focus among the elements of a selector by the arrow keys, Home and End. */
export function moveFocus(event: KeyboardEvent, selector: string): void {
  const items = [...(event.currentTarget as Element).querySelectorAll<HTMLElement>(selector)];
  const here = items.findIndex((item) => item.matches(':focus'));
  const next = nextIndex(event.key, here, items.length);
  if (next === undefined) return;
  event.preventDefault();
  items[next]?.focus();
}

/** The index that an arrow key, Home or End leads to in a list that wraps around; undefined for other keys. */
export function nextIndex(key: string, here: number, length: number): number | undefined {
  if (length === 0) return undefined;
  switch (key) {
    case 'ArrowDown':
      return (here + 1) % length;
    case 'ArrowUp':
      return here <= 0 ? length - 1 : here - 1;
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return undefined;
  }
}
