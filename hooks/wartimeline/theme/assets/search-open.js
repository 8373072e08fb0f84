/* The key / leads to search, unless it is being typed. */

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
  event.preventDefault();
  const fields = [...document.querySelectorAll(".tl-search__field, .tl-find__field")];
  const field = fields.find((one) => one.checkVisibility());
  if (field) field.select();
  else document.querySelector(".tl-find__link").click();
});
