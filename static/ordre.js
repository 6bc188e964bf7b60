// Items are dragged to their place: it writes the positions that the page sends; buttons do the same.
for (const group of document.querySelectorAll("#points-group")) {
  const rows = () => [...group.querySelectorAll(".ligne")].filter((row) => row.querySelector(".ordre"));
  let held = null;
  const number = () => rows().forEach((row, rank) => {
    row.querySelector('[name$="-rang"]').value = rank + 1;
    row.querySelector("[id^=place-]").textContent = `Position ${rank + 1} sur ${rows().length}`;
  });
  for (const row of rows()) {
    const handle = document.createElement("span");
    handle.className = "poignee";
    handle.draggable = true;
    handle.ariaHidden = "true";
    handle.textContent = "⠿";
    row.querySelector(".ordre").prepend(handle);
    handle.addEventListener("dragstart", (event) => {
      held = row;
      event.dataTransfer.setDragImage(row, 0, 0);
    });
    handle.addEventListener("dragend", () => { held = null; });
    row.addEventListener("dragover", (event) => {
      if (!held || held === row) return;
      event.preventDefault();
      const box = row.getBoundingClientRect();
      row[event.clientY < box.top + box.height / 2 ? "before" : "after"](held);
      number();
    });
    row.addEventListener("drop", (event) => { if (held) event.preventDefault(); });
  }
}
