// The mappings offered follow the table chosen, and a file that is too large is told before it travels; the server judges both anyway.
(() => {
  "use strict";
  const mapping = document.querySelector("select[data-follows]");
  if (mapping) {
    const table = document.getElementById(mapping.dataset.follows);
    const groups = [...mapping.querySelectorAll("optgroup")];
    const follow = () => {
      const chosen = mapping.selectedOptions[0]?.parentElement.dataset.table;
      if (chosen && chosen !== table.value) mapping.value = "";
      groups.forEach((group) => (group.dataset.table === table.value ? mapping.append(group) : group.remove()));
    };
    table.addEventListener("change", follow);
    follow();
  }

  const file = document.querySelector("input[data-most-bytes]");
  if (file) {
    const wrong = document.getElementById("error_file");
    file.addEventListener("change", () => {
      const large = [...file.files].some((one) => one.size > Number(file.dataset.mostBytes));
      wrong.textContent = large ? wrong.dataset.tooLarge : "";
      file.setCustomValidity(wrong.textContent);
    });
  }
})();
