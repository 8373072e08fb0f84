/* The filters: check boxes with counts, and lists to find a place or an actor in. */

import { fold, make, makeNames, sayNumber } from "./dom.js";
import { FACETS, MANIFOLD } from "./state.js";

const SHOWN = 8;
const SHOWN_FOUND = 40;

/** Make the filters in a form; `change(update)` is called with what changes a state. */
export function makeFacets(form, data, change) {
  const finders = Object.fromEntries(MANIFOLD.map((facet) => [facet, makeFinder(form, facet, data)]));

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", ({ target }) => {
    const { name, value, checked } = target;
    if (FACETS.includes(name)) {
      change((state) => state[name][checked ? "add" : "delete"](value));
    } else if (name === "places" || name === "actors") {
      change((state) => { state[name] = checked; });
    } else if (name === "differ") {
      change((state) => { state.differ = checked; });
    } else if (name === "origins") {
      change((state) => { state.origins = Number(value); });
    }
  });

  function showCount(box, count) {
    const choice = box.closest(".tl-choice");
    choice.querySelector("[data-count]").textContent = sayNumber(count);
    choice.classList.toggle("tl-choice--none", !count && !box.checked);
  }

  return {
    show(state, counts) {
      for (const finder of Object.values(finders)) finder.show(state, counts);
      for (const box of form.querySelectorAll("input[type=checkbox]")) {
        if (FACETS.includes(box.name)) {
          box.checked = state[box.name].has(box.value);
          showCount(box, counts[box.name][data[box.name].at.get(box.value)]);
        }
      }
      for (const facet of MANIFOLD) {
        const box = form.querySelector(`[name=${facet}s]`);
        box.checked = state[`${facet}s`];
        box.closest(".tl-switch").hidden = state[facet].size < 2;
      }
      const differ = form.querySelector("[name=differ]");
      differ.checked = state.differ;
      showCount(differ, counts.differ);
      form.querySelector("[name=origins]").value = state.origins || "";
      for (const fold of form.querySelectorAll("[data-facet]")) {
        const { facet } = fold.dataset;
        const isAsked = facet === "basis" ? state.differ || state.origins > 0 : state[facet].size > 0;
        fold.classList.toggle("tl-fold--asked", isAsked);
        if (isAsked && !fold.dataset.seen) fold.open = true;
        if (isAsked) fold.dataset.seen = "yes";
      }
    },
  };
}

/** Make a list that shows those with most events, or those that answer to what is typed. */
function makeFinder(form, facet, data) {
  const list = form.querySelector(`[data-choices=${facet}]`);
  const field = form.querySelector(`#find-${facet}`);
  const hint = form.querySelector(`[data-found=${facet}]`);
  const register = data[facet];
  const totals = new Uint32Array(register.id.length);
  for (const found of data.events[facet]) for (const one of found) totals[one] += 1;
  const order = register.id.map((_, i) => i).filter((i) => totals[i]).sort((a, b) => totals[b] - totals[a] || a - b);
  const words = register.id.map((_, i) =>
    fold([register.name[i], register.also[i], ...Object.values(register.names?.[i] ?? {})].join(" | ")),
  );
  let shown = null;
  let last = null;

  function build(state) {
    const typed = fold(field.value.trim());
    const chosen = order.filter((i) => state[facet].has(register.id[i]));
    const answering = typed ? order.filter((i) => words[i].includes(typed)) : order;
    const rest = answering.filter((i) => !state[facet].has(register.id[i]));
    const listed = [...chosen, ...rest.slice(0, typed ? SHOWN_FOUND : SHOWN)];
    hint.textContent = typed
      ? answering.length ? `${sayNumber(answering.length)} found` : "None found"
      : `${sayNumber(order.length)} in all; type to find one.`;
    shown = new Set(listed);
    list.replaceChildren(...listed.map((i) => make("li", {}, makeChoice(i))));
  }

  function makeChoice(i) {
    return make(
      "label", { className: "tl-choice" },
      make("input", { type: "checkbox", name: facet, value: register.id[i] }), " ",
      make("span", {}, register.name[i], ...makeNames(register.names?.[i] ?? {}, data.directions)), " ",
      make("small", { "data-count": "" }),
    );
  }

  const self = {
    show(state, counts) {
      last = [state, counts];
      const isMissing = [...state[facet]].some((id) => !shown?.has(register.at.get(id)));
      // Built anew only when the reader is elsewhere: moving a focused box would lose the focus.
      if (!shown || isMissing || !list.contains(document.activeElement)) build(state);
    },
  };
  field.addEventListener("input", () => {
    build(last[0]);
    form.dispatchEvent(new CustomEvent("tl-listed"));
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    list.querySelector("input")?.focus();
  });
  return self;
}
