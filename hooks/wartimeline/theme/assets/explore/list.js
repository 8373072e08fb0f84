/* The events found, as rows under their months, fifty at a time. */

import { make, say } from "./dom.js";

export const STEP = 50;
const PLACES_IN_ROW = 3;

/** Make the list; `point(places, label)` is called with what a reader points at, or nothing. */
export function makeList(panel, data, root, point) {
  const rows = panel.querySelector("[data-rows]");
  const more = panel.querySelector("[data-more]");
  let found = [];
  let shown = STEP;
  let turn = 0;

  async function draw(firstNew = null) {
    const mine = ++turn;
    const events = found.slice(0, shown);
    let words;
    try {
      words = await data.fetchRows(events);
    } catch {
      if (mine === turn) rows.replaceChildren(make("p", { className: "tl-note" }, "The rows could not be loaded. Try again later."));
      return;
    }
    if (mine !== turn) return;
    rows.replaceChildren(
      ...(events.length
        ? groupBy(events, (i) => data.events.month[i]).map(([month, some]) => makeMonth(month, some, words))
        : [make("p", {}, "No event answers to all of this.")]),
    );
    const left = found.length - events.length;
    more.hidden = left <= 0;
    more.textContent = `Show ${Math.min(left, STEP)} more of ${say(left, "event")}`;
    if (firstNew !== null) rows.querySelectorAll("a.tl-row__title")[firstNew]?.focus();
  }

  function makeMonth(month, events, words) {
    const [year, number] = data.writeMonth(month).split("-");
    const heading = make("h3", {}, make("a", { href: `${root}timeline/${year}/${number}/` }, data.nameMonth(month)));
    const days = groupBy(events, (i) => `${words.get(i).large}|${words.get(i).small}`).map(([, some]) => {
      const { large, small, date } = words.get(some[0]);
      return make(
        "li", { className: "tl-day" },
        make("div", { className: "tl-day__date", title: date }, make("b", {}, large), ` ${small}`),
        make("ol", { className: "tl-rows" }, ...some.map((i) => makeRow(i, words.get(i)))),
      );
    });
    return make("section", { className: "tl-group" }, heading, make("ol", { className: "tl-days" }, ...days));
  }

  function makeRow(i, { id, title, partisan }) {
    const { kind, origins, named, contested, key } = data.events;
    const kindId = data.kind.id[kind[i]];
    const places = named[i].slice(0, PLACES_IN_ROW).flatMap((place, at) => [
      ...(at ? [" · "] : []),
      make("a", { href: `${root}places/${data.place.id[place]}/` }, data.place.name[place]),
    ]);
    const basis = origins[i] === 1
      ? make("span", { className: "tl-one" }, "one origin only")
      : make("span", {}, say(origins[i], "independent source"));
    const row = make(
      "div", { className: key.has(i) ? "tl-row tl-row--key" : "tl-row" },
      make("a", { className: "tl-row__title", href: `${root}events/${id}/` }, title),
      make(
        "p", { className: "tl-meta" },
        make("span", { className: `tl-kind tl-kind--${kindId}` }, data.kind.name[kind[i]]), " ",
        make("span", {}, ...places), " ", basis,
        ...(partisan ? [" ", make("span", { className: "tl-partisan" }, partisan)] : []),
        ...(contested.has(i) ? [" ", make("span", { className: "tl-differ" }, "accounts differ")] : []),
      ),
    );
    return make("li", { "data-event": i }, row);
  }

  more.addEventListener("click", () => {
    const firstNew = Math.min(shown, found.length);
    shown += STEP;
    history.replaceState({ ...history.state, shown }, "");
    draw(firstNew);
  });

  const pointAt = ({ target }) => {
    const row = target.closest("[data-event]");
    if (row) point(data.events.named[Number(row.dataset.event)]);
  };
  rows.addEventListener("pointerover", pointAt);
  rows.addEventListener("focusin", pointAt);
  rows.addEventListener("pointerleave", () => point([]));
  rows.addEventListener("focusout", () => point([]));

  return {
    show(events, atLeast = STEP) {
      found = events;
      shown = Math.max(atLeast, STEP);
      return draw();
    },
  };
}

function groupBy(items, key) {
  const groups = [];
  for (const item of items) {
    const name = key(item);
    if (groups.at(-1)?.[0] === name) groups.at(-1)[1].push(item);
    else groups.push([name, [item]]);
  }
  return groups;
}
