/** Opens a dialog that was just drawn, so that the browser keeps the focus in it and Escape closes it. */
export function showModal(element: Element | undefined): void {
  if (!(element instanceof HTMLDialogElement)) return;
  // Lit passes the element before it is part of the page.
  queueMicrotask(() => {
    if (element.isConnected && !element.open) element.showModal();
  });
}
