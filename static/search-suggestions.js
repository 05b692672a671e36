// Suggestions under the search box: a combobox after the ARIA Authoring Practices, fed by /search.json.
// Without this script the box is a plain form. What matches, and how well, the server decides.

const PAUSE = 120; // milliseconds without a key before the server is asked
const form = document.querySelector("form[role=search]");
if (form) suggest(form, form.querySelector("input[name=q]"), form.querySelector("[role=listbox]"));

function suggest(form, input, list) {
  const status = form.querySelector("[role=status]");
  const source = new URL(list.dataset.source, location.href);
  let timer, asking, active = -1;

  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", pressed);
  input.addEventListener("focus", () => { if (list.children.length && input.value.trim()) open(); });
  input.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => go(event.target.closest("[role=option]")));

  async function ask() {
    asking?.abort();
    const text = input.value.trim();
    if (!text) return show([], 0);
    asking = new AbortController();
    source.searchParams.set("q", text);
    try {
      const answer = await fetch(source, { signal: asking.signal });
      if (!answer.ok) return show([], 0);
      const { data } = await answer.json();
      if (document.activeElement === input && input.value.trim() === text) show(data.results, data.count);
    } catch (error) {
      if (error.name !== "AbortError") show([], 0);
    }
  }

  function show(results, count) {
    list.replaceChildren(...results.map(option));
    choose(-1);
    if (results.length) open(); else close();
    const more = count > results.length ? `, first ${results.length} shown` : "";
    status.textContent = input.value.trim() ? `${count || "No"} ${count === 1 ? "suggestion" : "suggestions"}${more}` : "";
  }

  function option({ kind, name, matched, language, direction, facts, address }, index) {
    const item = document.createElement("li");
    item.id = `suggestion-${index}`;
    item.role = "option";
    item.ariaSelected = "false";
    item.dataset.address = address;
    item.append(piece("span", name, "name"));
    if (matched !== name) {
      const other = piece("bdi", matched, "matched");
      if (language) [other.lang, other.dir] = [language, direction];
      item.append(" ", other);
    }
    item.append(" ", piece("small", [kind, ...facts].join(" · ")));
    return item;
  }

  function pressed(event) {
    if (event.isComposing) return;
    const last = list.children.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (last < 0) return;
      event.preventDefault();
      if (list.hidden) open();
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(active + step > last ? -1 : active + step < -1 ? last : active + step);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); // the first closes the list, the next empties the box
      close();
    } else if (event.key === "Enter" && active >= 0 && !list.hidden) {
      event.preventDefault();
      go(list.children[active]);
    }
  }

  function choose(index) {
    active = index;
    [...list.children].forEach((item, at) => { item.ariaSelected = String(at === index); });
    const item = list.children[index];
    if (item) input.setAttribute("aria-activedescendant", item.id); else input.removeAttribute("aria-activedescendant");
    item?.scrollIntoView({ block: "nearest" });
  }

  function open() {
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    choose(-1);
  }

  function go(item) {
    if (item) location.assign(item.dataset.address);
  }
}

function piece(tag, text, name = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (name) element.className = name;
  return element;
}
