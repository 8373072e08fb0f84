/* The explore page. Without JavaScript it leads to the pages that show the same. */

import { makeBrush } from "./brush.js";
import { fetchData, select } from "./data.js";
import { debounce, make, say, sayNumber } from "./dom.js";
import { makeFacets } from "./facets.js";
import { makeList } from "./list.js";
import { FACETS, isEmpty, makeState, readState, tidy, writeState } from "./state.js";

const NARROW = matchMedia("(max-width: 60rem)");
const page = document.querySelector(".tl-explore");
const app = page.querySelector(".tl-app");
const panel = (name) => app.querySelector(`.tl-pane--${name}`);

async function start() {
  page.querySelector("[data-without]").hidden = true;
  let data;
  try {
    data = await fetchData("", page.dataset.stamp);
  } catch {
    page.querySelector("[data-failed]").hidden = false;
    page.querySelector(".tl-app").remove();
    return;
  }
  if (!data.count) return;
  let state = readState(location.search, data);
  let selection = null;
  let map = null;
  const announce = debounce(() => {
    app.querySelector("[data-announce]").textContent = sayCount();
  }, 500);
  const keep = debounce(() => {
    const query = writeState(state, data);
    if (query !== location.search) history.pushState(null, "", `${location.pathname}${query}${location.hash}`);
  }, 400);

  const sayCount = () => `${sayNumber(selection.found.length)} of ${say(data.count, "event")}`;
  const change = (update) => {
    update(state);
    tidy(state, data);
    show();
    keep.flush();
  };
  const brush = makeBrush(app.querySelector(".tl-time"), data, (from, to, isDone) => {
    state.from = from;
    state.to = to;
    show();
    if (isDone) keep.flush();
    else keep();
  });
  const form = app.querySelector(".tl-facets");
  const facets = makeFacets(form, data, change);
  const list = makeList(panel("list"), data, page.dataset.root, (places) => map?.point(places));

  function show(shown) {
    selection = select(data, state);
    app.querySelector("[data-count-found]").textContent = sayCount();
    app.querySelector("[data-clear]").hidden = isEmpty(state, data);
    brush.show(state, selection.bars);
    facets.show(state, selection.counts);
    showChips();
    map?.show(state, selection);
    announce();
    return list.show(selection.found, shown);
  }

  function showChips() {
    const chips = app.querySelector(".tl-chips");
    const chosen = [];
    if (state.from !== null || state.to !== null) {
      const ends = [state.from ?? 0, state.to ?? data.months - 1].map(data.nameMonth);
      chosen.push([ends[0] === ends[1] ? ends[0] : ends.join(" – "), () => { state.from = state.to = null; }]);
    }
    for (const facet of FACETS) {
      for (const id of state[facet]) {
        chosen.push([data[facet].name[data[facet].at.get(id)], () => state[facet].delete(id)]);
      }
    }
    if (state.differ) chosen.push(["Accounts differ", () => { state.differ = false; }]);
    if (state.origins) chosen.push([`${state.origins} or more independent sources`, () => { state.origins = 0; }]);
    const focused = [...chips.children].findIndex((chip) => chip.contains(document.activeElement));
    chips.replaceChildren(...chosen.map(([name, remove]) => {
      const chip = make("button", { type: "button", className: "tl-chip tl-chip--on", "aria-label": `Remove ${name}` }, name);
      chip.addEventListener("click", () => change(remove));
      return make("li", {}, chip);
    }));
    if (focused < 0) return;
    const next = chips.children[Math.min(focused, chips.children.length - 1)];
    (next?.firstChild ?? app.querySelector("#found")).focus();
  }

  async function openMap() {
    if (map || !panel("map").open) return;
    map = { show() {}, point() {} };
    try {
      const [{ makeMap }, { offerStreets }] = await Promise.all([import("./map.js"), import("./street.js")]);
      map = makeMap(panel("map"), data, change);
      offerStreets(panel("map"), map.map);
      map.show(state, selection);
    } catch (error) {
      panel("map").hidden = true;
      throw error;
    }
  }

  app.querySelector("[data-clear]").addEventListener("click", () => {
    change((asked) => Object.assign(asked, makeState()));
    app.querySelector("#found").focus({ preventScroll: true });
  });
  form.addEventListener("tl-listed", () => facets.show(state, selection.counts));
  window.addEventListener("popstate", () => {
    state = readState(location.search, data);
    show(history.state?.shown);
  });
  for (const fold of app.querySelectorAll(":scope > .tl-fold, .tl-panes > .tl-fold")) fold.open = !NARROW.matches;
  panel("map").addEventListener("toggle", openMap);
  app.hidden = false;
  show(history.state?.shown);
  announce.flush();
  await openMap();
}

await start();
