// Adds a row to a list of rows; without it, each save brings an empty one.
for (const group of document.querySelectorAll("[data-prefix]")) {
  const button = group.querySelector("[data-ajouter]");
  if (!button) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    const total = group.querySelector(`[name="${group.dataset.prefix}-TOTAL_FORMS"]`);
    const row = group.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
    total.value = Number(total.value) + 1;
    button.insertAdjacentHTML("beforebegin", row);
    button.previousElementSibling.querySelector("input, select").focus();
  });
}
