// Closes the open groups of the main menu on a click outside, on Escape, or when the focus leaves them.
// Without this script they open and close by their own headings alone.

/** @returns {NodeListOf<HTMLDetailsElement>} */
const openGroups = () => document.querySelectorAll(".menu details[open]");

/** @param {Event} event */
function closeOthers({ target }) {
  for (const group of openGroups()) {
    if (!(target instanceof Node && group.contains(target))) group.open = false;
  }
}

addEventListener("pointerdown", closeOthers);
addEventListener("focusin", closeOthers);
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const group of openGroups()) {
    group.open = false;
    group.querySelector("summary")?.focus();
  }
});
