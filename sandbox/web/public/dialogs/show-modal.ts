/** Opens a dialog that was just drawn, so that the browser keeps the focus in it and Escape closes it. */
export function showModal(element: Element | undefined): void {
  if (element instanceof HTMLDialogElement && !element.open) element.showModal();
}
