// A text field to be copied from: reaching it selects all of it, and a button copies, where the browser can.

for (const field of document.querySelectorAll("textarea[data-copy]")) {
  field.addEventListener("focus", () => field.select());
  const button = document.getElementById(field.dataset.copy);
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
}
