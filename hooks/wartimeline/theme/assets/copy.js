/* Copy buttons beside citations. Without JavaScript there are none, and the text can be selected. */

const status = document.querySelector(".tl-copied");

function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = window.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

async function copy(button) {
  const element = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(element.textContent.trim());
    status.textContent = `Copied: ${button.parentElement.previousElementSibling.textContent}`;
  } catch {
    // Pages without TLS and old browsers have no clipboard: the text is selected instead.
    select(element);
    status.textContent = "Selected. Copy it with the keys of your system.";
  }
}

for (const button of document.querySelectorAll(".tl-copy")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
