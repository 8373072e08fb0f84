/* Search over the index that Pagefind made. What is asked stands in the address. */

import { fold } from "./folding.js";

const STEP = 10;
const FIRST = 3;
const WAIT = 200;
// Words that only the index has begin with this.
const MARK = "xq";
// Every record has this word: asked for none, Pagefind would fetch the whole index.
const EVERY = `${MARK}all`;
// Until there is an index, a file beside it says why there is none.
const STATE = "pagefind/state.txt";
const STATES = {
  making: "The index for search is being made. Results will come in a moment.",
  failed: "Search is not available in this build of the site.",
};
const AGAIN = 1000;
const TYPES = { place: "Place", actor: "Person or group", outlet: "Source", page: "Page" };

const form = document.querySelector(".tl-search");
const field = form.elements.q;
const order = form.elements.sort;
const status = form.querySelector("[role=status]");
const clear = form.querySelector("[type=reset]");
const wider = form.querySelector(".tl-search__wider");
const list = form.querySelector(".tl-search__results > ol");
const more = form.querySelector(".tl-search__more");
const facets = [...form.querySelectorAll(".tl-facet")];
const root = new URL(form.dataset.root, location.href).href;
const labels = new Map(
  [...form.querySelectorAll(".tl-facet input")].map((box) => [
    `${box.name} ${box.value}`,
    box.nextElementSibling.textContent,
  ]),
);

let starting = null;
let failures = 0;
let wasMaking = false;
let found = [];
let shown = 0;
let latest = 0;
let timer = 0;
let isWide = false;
let settled = "";

/** Fetch Pagefind on first use. Its worker is not used: it would be fetched on top of all that. */
async function start() {
  // A module that has failed stays so, and Pagefind keeps its failure: it is fetched as another.
  const again = failures ? `?again=${failures}` : "";
  fetchAhead("pagefind/wasm.en.pagefind");
  const module = await import(new URL(`pagefind/pagefind.js${again}`, root).href);
  const ranking = { metaWeights: { title: 5, native: 5, where: 2, date: 0, count: 0, day: 0 } };
  await module.options({ noWorker: true, excerptLength: 34, ranking });
  return module;
}

/** Begin to fetch what Pagefind would only ask for two answers later. */
function fetchAhead(address) {
  const href = new URL(address, root).href;
  document.head.append(Object.assign(make("link"), { rel: "preload", as: "fetch", crossOrigin: "anonymous", href }));
}

const count = (number) => number.toLocaleString("en-GB");
const say = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;

/** The place of a result among all records: events come first, in the order of the timeline. */
const place = (id) => parseInt([...id.slice(8)].reverse().join(""), 24);

function listChosen(facet) {
  return [...facet.querySelectorAll("input:checked")].map((box) => box.value);
}

/** What is chosen of each facet, but for one: values of a facet widen each other. */
function listFilters(without = null) {
  const chosen = facets
    .filter((facet) => facet !== without)
    .map((facet) => [facet.dataset.facet, listChosen(facet)])
    .filter(([, values]) => values.length);
  return Object.fromEntries(chosen.map(([name, values]) => [name, { any: values }]));
}

/** Make what Pagefind is asked: the words, and the words as one name where there are several. */
function readWords() {
  const words = fold(field.value);
  const long = words.filter((word) => word.length > 1 || /\p{N}/u.test(word));
  return { words: long, isShort: words.length > 0 && !long.length, name: words.length > 1 ? MARK + words.join("") : "" };
}

/** Find the results for the words and a choice. A whole name finds what is named so, however spelled. */
async function find(asked, filters) {
  const pagefind = await (starting ??= start());
  const broad = await pagefind.search(asked.words.join(" ") || EVERY, { filters });
  if (!asked.name || isWide) return { ...broad, isNamed: false };
  const named = await pagefind.search(`"${asked.name}"`, { filters });
  if (!named.unfilteredResultCount) return { ...broad, isNamed: false };
  const own = new Map(named.results.map((result) => [result.id, result]));
  const results = broad.results.filter(({ id }) => own.has(id)).map(({ id }) => own.get(id));
  const total = broad.results.length;
  return { results, filters: named.filters, isNamed: total > results.length, total };
}

/** Put results into the order that is wanted; what has no date comes last. */
function sort(results) {
  if (!order.value) return results;
  const events = Number(form.dataset.events);
  const turn = order.value === "newest" ? -1 : 1;
  const placed = results.map((result) => ({ result, at: place(result.id) }));
  placed.sort((a, b) => (a.at >= events) - (b.at >= events) || (a.at - b.at) * (a.at < events ? turn : 1));
  return placed.map(({ result }) => result);
}

function make(tag, className = "", ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** Make the name of a record in another language: a tag, a space and the name. */
function makeNative(native) {
  const space = native.indexOf(" ");
  const element = make("bdi", "tl-name", native.slice(space + 1));
  element.lang = native.slice(0, space);
  return element;
}

/** Make the excerpt of a record; dots stand for what comes before and after it. */
function makeExcerpt({ excerpt, plain_excerpt: plain, content }) {
  // Pagefind escapes these two characters, and only its own marks are tags.
  const parts = excerpt.split(/<\/?mark>/).map((part) => part.replace(/&lt;/g, "<").replace(/&gt;/g, ">"));
  const text = make("p", "tl-row__summary", ...parts.map((part, i) => (i % 2 ? make("mark", "", part) : part)));
  const start = content.indexOf(plain);
  if (start > 0) text.prepend("… ");
  if (start + plain.length < content.length) text.append(" …");
  return text;
}

function makeRow(record) {
  const { raw_url: address, meta, filters } = record;
  const [type] = filters.type;
  const [large, small] = (meta.day ?? "").split("|");
  const date = make("div", "tl-day__date", ...(meta.day ? [make("b", "", large), ` ${small}`] : [TYPES[type]]));
  if (meta.date) date.title = meta.date;
  const link = make("a", "tl-row__title", make("bdi", "", meta.title));
  link.href = root + address;
  const about = make("p", "tl-meta");
  if (filters.kind) about.append(make("span", `tl-kind tl-kind--${filters.kind}`, labels.get(`kind ${filters.kind}`)));
  if (meta.where) about.append(make("span", "", meta.where));
  if (meta.count) about.append(make("span", "", say(Number(meta.count), "event")));
  if (filters.origins) {
    const origins = labels.get(`origins ${filters.origins}`);
    about.append(make("span", "", `${origins} independent ${origins === "1" ? "source" : "sources"}`));
  }
  if (filters.contested) about.append(make("span", "tl-differ", "accounts differ"));
  const row = make("div", "tl-row", link, ...(meta.native ? [" ", makeNative(meta.native)] : []), makeExcerpt(record), about);
  return make("li", "tl-day", date, row);
}

/** Show results up to a number. The first of all do not wait for the others. */
async function showUpTo(end, mine) {
  for (const stop of shown ? [end] : [Math.min(FIRST, end), end]) {
    const next = await Promise.all(found.slice(shown, stop).map((result) => result.data()));
    if (mine !== latest) return;
    const rows = next.map(makeRow);
    if (shown) list.append(...rows);
    else list.replaceChildren(...rows);
    shown += rows.length;
    more.hidden = shown >= found.length || shown < end;
  }
}

/** Count what each value of the open facets would find; those that find nothing are hidden. */
async function countFacets(asked, counts, mine, some = facets) {
  for (const facet of some) {
    const chosen = listChosen(facet);
    facet.querySelector("[data-chosen]").textContent = chosen.length ? `(${chosen.length})` : "";
    if (!facet.open) continue;
    const name = facet.dataset.facet;
    const own = chosen.length || !counts[name] ? await countValues(asked, facet) : counts[name];
    if (mine !== latest) return;
    for (const box of facet.querySelectorAll("input")) {
      const number = own[box.value] ?? 0;
      box.parentElement.lastElementChild.textContent = count(number);
      box.closest("li").hidden = !number && !box.checked;
    }
  }
}

/** Count the values of a facet as if none of it were chosen; this also fetches its part of the index. */
async function countValues(asked, facet) {
  const name = facet.dataset.facet;
  const pagefind = await (starting ??= start());
  await pagefind.preload(asked.words.join(" ") || EVERY, { filters: { [name]: "" } });
  return (await find(asked, listFilters(facet))).filters[name] ?? {};
}

async function apply(end = STEP) {
  const mine = ++latest;
  const asked = readWords();
  const chosen = Object.keys(listFilters()).length;
  const isAsking = asked.words.length > 0 || chosen > 0;
  form.querySelector(".tl-facets > summary [data-chosen]").textContent = chosen ? `(${chosen})` : "";
  clear.hidden = !field.value && !chosen && !order.value;
  wider.hidden = true;
  if (!isAsking) {
    found = [];
    shown = 0;
    list.replaceChildren();
    more.hidden = true;
    status.textContent = asked.isShort ? "Type one letter more." : "";
  }
  await attempt(mine, async () => {
    let counts = {};
    if (isAsking) {
      const result = await find(asked, listFilters());
      if (mine !== latest) return;
      found = sort(result.results);
      shown = 0;
      await showUpTo(end, mine);
      if (mine !== latest) return;
      announce(result);
      counts = result.filters;
    }
    await countFacets(asked, counts, mine);
  });
}

/** Do something with the index; say why when it cannot be read, and start afresh next time. */
async function attempt(mine, action) {
  try {
    await action();
  } catch (error) {
    starting = null;
    failures += 1;
    console.warn(error);
    const state = await readState();
    if (mine !== latest) return;
    // When the file has just gone, the index has come in between.
    const isAwaited = state === "making" || (wasMaking && !state);
    wasMaking = state === "making";
    status.textContent = isAwaited ? STATES.making : STATES[state] ?? "The index could not be read. Try again.";
    if (isAwaited) setTimeout(() => mine === latest && apply(), AGAIN);
  }
}

async function readState() {
  try {
    const answer = await fetch(new URL(STATE, root), { cache: "no-store" });
    return answer.ok ? await answer.text() : "";
  } catch {
    return "";
  }
}

function announce({ isNamed, total }) {
  const number = found.length;
  if (!number) status.textContent = "Nothing found. Try fewer words or another spelling, or narrow down less.";
  else status.textContent = isNamed ? `${say(number, "result")} for this name` : say(number, "result");
  if (isNamed) wider.textContent = `All ${count(total)} with these words`;
  wider.hidden = !isNamed;
}

function readForm() {
  const asked = [...new FormData(form)].filter(([, value]) => value.trim());
  return new URLSearchParams(isWide ? [...asked, ["words", "all"]] : asked).toString();
}

/** Put what is asked into the address: a step of its own, or while typing the same step again. */
function keep(isStep) {
  const query = readForm();
  const address = `${location.pathname}${query && `?${query}`}`;
  if (query === new URLSearchParams(location.search).toString()) {
    if (isStep) settled = query;
  } else if (isStep || new URLSearchParams(location.search).toString() === settled) {
    history.pushState(null, "", address);
    if (isStep) settled = query;
  } else {
    history.replaceState(null, "", address);
  }
}

function restore() {
  const wanted = new URLSearchParams(location.search);
  field.value = wanted.get("q") ?? "";
  order.value = wanted.get("sort") ?? "";
  isWide = wanted.get("words") === "all";
  for (const facet of facets) {
    const values = new Set(wanted.getAll(facet.dataset.facet));
    for (const box of facet.querySelectorAll("input")) box.checked = values.has(box.value);
    if (values.size) facet.open = true;
  }
  settled = readForm();
  apply(history.state?.shown);
}

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    isWide = false;
    keep(false);
    apply();
  }, WAIT);
});
form.addEventListener("change", ({ target }) => {
  if (target !== field) apply();
  keep(true);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  keep(true);
  apply();
});
form.addEventListener("reset", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  field.value = "";
  order.value = "";
  isWide = false;
  for (const box of form.querySelectorAll(".tl-facet input")) box.checked = false;
  apply();
  keep(true);
  field.focus();
});
wider.addEventListener("click", () => {
  isWide = true;
  apply();
  keep(true);
  field.focus();
});
more.addEventListener("click", async () => {
  const first = shown;
  await attempt(latest, () => showUpTo(shown + STEP, latest));
  history.replaceState({ shown }, "");
  list.children[first]?.querySelector("a").focus();
});
for (const facet of facets) {
  facet.addEventListener("toggle", () => {
    attempt(latest, () => countFacets(readWords(), {}, latest, [facet]));
  });
}
window.addEventListener("popstate", restore);
form.hidden = false;
form.querySelector(".tl-facets").open = matchMedia("(min-width: 60rem)").matches;
restore();
if (!location.search) field.focus({ preventScroll: true });
