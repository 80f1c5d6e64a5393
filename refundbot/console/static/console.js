// The order table's filter. Without it the page shows every order.
const rows = [...document.querySelectorAll("tr[data-outcome]")];
const buttons = [...document.querySelectorAll("button[data-filter]")];
const search = document.querySelector("input[data-search]");
const none = document.querySelector("tr.none");
let outcome = "all";

function apply() {
  const words = (search?.value ?? "").trim().toLowerCase();
  let shown = 0;
  for (const row of rows) {
    const fits =
      (outcome === "all" || row.dataset.outcome === outcome) && row.dataset.text.includes(words);
    row.hidden = !fits;
    if (fits) shown += 1;
  }
  if (none) none.hidden = shown > 0 || rows.length === 0;
  for (const button of buttons) {
    button.setAttribute("aria-pressed", String(button.dataset.filter === outcome));
  }
}

function choose(name) {
  if (!buttons.some((button) => button.dataset.filter === name)) return;
  outcome = name;
  apply();
}

for (const button of buttons) {
  button.addEventListener("click", () => choose(button.dataset.filter));
}
search?.addEventListener("input", apply);
window.addEventListener("hashchange", () => choose(location.hash.slice(1)));
choose(location.hash.slice(1));
