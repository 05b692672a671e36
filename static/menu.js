// The groups of the main menu close when the reader turns elsewhere: a click outside, Escape, or the focus leaving.
// Without this script they open and close by their own heads alone. (The slider may put a new menu in place.)

const open = () => document.querySelectorAll(".menu details[open]");

addEventListener("pointerdown", (event) => {
  for (const group of open()) if (!group.contains(event.target)) group.open = false;
});
addEventListener("focusin", (event) => {
  for (const group of open()) if (!group.contains(event.target)) group.open = false;
});
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const group of open()) {
    group.open = false;
    group.querySelector("summary").focus();
  }
});
