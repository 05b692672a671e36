// Copy buttons beside text fields. A text field with `data-copy-button="<id of the button>"` is selected when it
// gets the focus, and its button copies the text. The button is shown only where the browser can copy.
//
// The listeners are on the document, so they also serve fields and buttons that a page update has put in place.

const CONFIRMATION_MS = 2000;

document.addEventListener("focusin", ({ target }) => {
  if (target instanceof HTMLTextAreaElement && target.dataset.copyButton) target.select();
});

if (navigator.clipboard) {
  document.documentElement.classList.add("can-copy");
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (!button?.id) return;
    const field = document.querySelector(`textarea[data-copy-button="${CSS.escape(button.id)}"]`);
    if (field instanceof HTMLTextAreaElement) void copyText(field, button);
  });
}

/**
 * Copy the text of a field and confirm it on the button.
 * @param {HTMLTextAreaElement} field
 * @param {HTMLButtonElement} button
 */
async function copyText(field, button) {
  await navigator.clipboard.writeText(field.value);
  const label = button.textContent;
  button.textContent = button.dataset.copied ?? label;
  setTimeout(() => { button.textContent = label; }, CONFIRMATION_MS);
}
