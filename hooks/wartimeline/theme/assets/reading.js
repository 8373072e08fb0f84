/* Comforts for readers of lists. Each looks for what it needs, and the page is whole without any. */

import { make, memory } from "./parts.js";

const rows = [...document.querySelectorAll(".tl-row__title")];

/* j and k go from event to event. As single letters also belong to assistive technology,
   they work only while the focus is in a list of events (WCAG 2.1.4). */
function addKeys() {
  const hint = make("p", { className: "tl-keys", role: "status" });
  document.body.append(hint);
  document.addEventListener("focusin", ({ target }) => {
    const isInList = target.matches(":focus-visible") && target.closest(".tl-days");
    const text = isInList ? "Keys in this list: j next event, k previous event" : "";
    if (hint.textContent !== text) hint.textContent = text;
  });
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (!target.closest(".tl-days") || (key !== "j" && key !== "k")) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (target.matches("input, textarea, select, [contenteditable]")) return;
    const item = target.closest(".tl-days li li");
    const here = rows.findIndex((row) => item?.contains(row));
    const next = rows[here + (key === "j" ? 1 : -1)];
    if (here < 0 || !next) return;
    event.preventDefault();
    next.focus();
  });
}

/* The bar of years marks the year that is read. The month that was read last is offered on the
   next visit; nobody is moved there. */
function followReading(bar) {
  const links = new Map([...bar.querySelectorAll("a")].map((a) => [a.hash.slice(1), a]));
  const headings = [...document.querySelectorAll(".tl-year > h2, .tl-year h3")];
  const key = `tl-read ${location.pathname}`;
  const last = document.getElementById(memory.get(key));
  if (last && !location.hash) {
    const text = last.querySelector("a").textContent;
    const link = make("a", { href: `#${last.id}`, textContent: `Continue at ${text}` });
    document.querySelector(".tl-lead").append(" ", link);
  }
  let isDue = false;
  const mark = () => {
    isDue = false;
    const above = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
    const year = above.findLast((heading) => heading.matches("h2")) ?? headings[0];
    const month = above.findLast((heading) => heading.matches("h3"));
    const current = links.get(year.id);
    if (month && scrollY > innerHeight) memory.set(key, month.id);
    if (current.hasAttribute("aria-current")) return;
    bar.querySelector("[aria-current]")?.removeAttribute("aria-current");
    current.setAttribute("aria-current", "true");
    // Scrolling the link into view would also scroll the page.
    const list = current.closest("ol");
    list.scrollLeft = current.offsetLeft - list.clientWidth / 2;
  };
  const plan = () => {
    if (!isDue) requestAnimationFrame(mark);
    isDue = true;
  };
  addEventListener("scroll", plan, { passive: true });
  plan();
}

const number = (key) => Date.UTC(2000, key.slice(0, 2) - 1, key.slice(3)) / 864e5;
const say = (key) =>
  new Date(number(key) * 864e5).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "long",
    timeZone: "UTC",
  });

/** Count the days between two days of a calendar of 366, the short way round. */
function measure(a, b) {
  const days = Math.abs(number(a) - number(b));
  return Math.min(days, 366 - days);
}

/* Today's day is marked, and a link leads to it or to the nearest. */
function markToday(days) {
  const now = new Date();
  const today = [now.getMonth() + 1, now.getDate()].map((n) => `${n}`.padStart(2, "0")).join("-");
  const near = days.reduce((best, day) =>
    measure(day.dataset.day, today) < measure(best.dataset.day, today) ? day : best,
  );
  const isToday = near.dataset.day === today;
  if (isToday) near.setAttribute("aria-current", "date");
  const line = document.querySelector(".tl-today");
  if (!line) return;
  const link = make("a", { href: near.href ?? `#${near.id}` });
  link.textContent = isToday ? `Today, ${say(today)}` : say(near.dataset.day);
  if (!isToday) line.append(`Today, ${say(today)}: no event on record. Nearest: `);
  line.append(link);
  line.hidden = false;
}

const days = [...document.querySelectorAll("[data-day]")];
if (rows.length) addKeys();
if (days.length) markToday(days);
document.querySelectorAll(".tl-yearbar").forEach(followReading);
