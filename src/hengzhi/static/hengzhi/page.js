// Small comforts; every page works without them.
(() => {
  "use strict";
  document.documentElement.classList.add("js");

  // A changed selector shows at once; without this script the button does it.
  document.querySelectorAll("form[data-autosubmit]").forEach((form) => {
    form.addEventListener("change", () => form.requestSubmit());
  });

  // The drawer closes on Escape or a click beside it, and gives the focus back.
  const drawer = document.querySelector("details.drawer");
  const close = () => {
    drawer.open = false;
    drawer.querySelector("summary").focus();
  };
  if (drawer) {
    document.addEventListener("keydown", (event) => event.key === "Escape" && drawer.open && close());
    document.addEventListener("click", (event) => drawer.open && !drawer.contains(event.target) && close());
  }

  // "/" goes to the search field.
  document.addEventListener("keydown", (event) => {
    const field = document.querySelector("[role=search] input");
    if (event.key !== "/" || !field || event.target.closest("input, select, textarea")) return;
    event.preventDefault();
    field.focus();
  });

  // Paper shows what is folded away on the screen.
  const folded = [];
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll("details.behind:not([open])").forEach((panel) => {
      panel.open = true;
      folded.push(panel);
    });
  });
  window.addEventListener("afterprint", () => folded.splice(0).forEach((panel) => (panel.open = false)));
})();
