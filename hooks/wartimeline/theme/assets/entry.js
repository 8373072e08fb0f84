/* Comforts for readers of an entry. The page is whole without any. */

import { make, memory } from "./parts.js";

function addCopyLink(button) {
  const status = make("span", { role: "status" });
  button.after(status);
  button.hidden = false;
  button.addEventListener("click", async () => {
    const canonical = document.querySelector("link[rel=canonical]")?.href;
    const url = canonical ?? location.origin + location.pathname;
    try {
      await navigator.clipboard.writeText(url);
      status.textContent = "Copied";
    } catch {
      // Pages without TLS and old browsers have no clipboard: the address is shown to be copied.
      status.textContent = url;
      getSelection().selectAllChildren(status);
    }
  });
}

/* The meaning of a term opens beside it, on focus or a click. It also is the description of the
   link. Enter on an open term, and every click without this script, leads to the glossary. */
function addMeaning(term, number) {
  const id = `term-${number}`;
  const box = make(
    "span",
    { className: "tl-meaning", popover: "manual", tabIndex: -1 },
    make("span", { id, textContent: term.dataset.meaning }),
    " ",
    make("a", { href: term.href, textContent: "Glossary" }),
  );
  term.after(box);
  term.setAttribute("aria-describedby", id);
  const isOpen = () => box.matches(":popover-open");
  const close = () => isOpen() && box.hidePopover();
  const open = () => {
    if (isOpen()) return;
    box.showPopover();
    const word = term.getClientRects()[0];
    const furthest = document.documentElement.clientWidth - box.offsetWidth - 16;
    const isRoomBelow = word.bottom + box.offsetHeight + 8 < innerHeight;
    const isBelow = isRoomBelow || word.top < box.offsetHeight + 60;
    const top = isBelow ? word.bottom + 6 : word.top - box.offsetHeight - 6;
    box.style.left = `${Math.max(16, Math.min(word.left, furthest)) + scrollX}px`;
    box.style.top = `${top + scrollY}px`;
  };
  let wasOpen = false;
  term.addEventListener("pointerdown", () => {
    wasOpen = isOpen(); // a click also gives the focus, which opens
  });
  term.addEventListener("focus", open);
  term.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const isByKey = event.detail === 0;
    if (isByKey && isOpen()) return;
    event.preventDefault();
    if (!isByKey && wasOpen) close();
    else open();
  });
  const leave = ({ relatedTarget }) => {
    if (relatedTarget !== term && !box.contains(relatedTarget)) close();
  };
  term.addEventListener("blur", leave);
  box.addEventListener("focusout", leave);
  document.addEventListener("pointerdown", ({ target }) => {
    if (target !== term && !box.contains(target)) close();
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !isOpen()) return;
    if (box.contains(document.activeElement)) term.focus();
    close();
  });
}

/* With the setting on, the text of an entry with a content note waits for a button. The page
   itself hides the text before it is drawn. */
function addHold(setting) {
  const box = setting.querySelector("input");
  const page = document.documentElement.classList;
  const button = make("button", { type: "button" });
  const place = make("p", { className: "tl-show" }, button);
  const show = (isShown) => {
    page.toggle("tl-held", !isShown);
    button.textContent = isShown ? "Hide the text" : "Show the text";
    button.setAttribute("aria-expanded", isShown);
  };
  const follow = () => {
    place.hidden = !box.checked;
    show(!box.checked);
  };
  box.checked = page.contains("tl-held");
  follow();
  document.querySelector(".tl-body").before(place);
  setting.hidden = !memory.set("tl-hold", box.checked ? "yes" : "");
  button.addEventListener("click", () => show(page.contains("tl-held")));
  box.addEventListener("change", () => {
    memory.set("tl-hold", box.checked ? "yes" : "");
    follow();
  });
}

document.querySelectorAll(".tl-copylink").forEach(addCopyLink);
document.querySelectorAll(".tl-hold").forEach(addHold);
if ("popover" in HTMLElement.prototype) document.querySelectorAll(".tl-term").forEach(addMeaning);
