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

// Asks before leaving a form that was changed, or refused, and not sent again.
for (const form of document.querySelectorAll("[data-garder]")) {
  let unsaved = form.dataset.garder === "oui";
  form.addEventListener("input", () => { unsaved = true; });
  form.addEventListener("submit", () => { unsaved = false; });
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
}

// Prints the page: at once when its address says so, else with its button.
for (const button of document.querySelectorAll("[data-imprimer]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
  if (location.hash === "#imprimer") print();
}

// A button pressed twice sends its form once: the second would be told that the page has changed.
for (const form of document.querySelectorAll("form[method=post]")) {
  let sent = -Infinity;
  form.addEventListener("submit", (event) => {
    if (event.timeStamp - sent < 2000) event.preventDefault();
    else sent = event.timeStamp;
  });
}
