/* The map: drawn from the gazetteer, so that nothing is more precise than what is known. */

import "../vendor/leaflet/leaflet.js";
import { make, makeNames, prefersStillness, say, sayNumber } from "./dom.js";
import { drawLines } from "./lines.js";
import { findGround, group } from "./spots.js";

const { L } = window;
const CLOSEST = 17;
const NAMED = 3;

/** Make the map in a panel; `change(update)` is called with what changes a state. */
export function makeMap(panel, data, change) {
  const where = panel.querySelector("[data-where]");
  const isStill = prefersStillness();
  const map = L.map(panel.querySelector("[data-map]"), {
    attributionControl: false, minZoom: 1, maxZoom: CLOSEST, zoomSnap: 0.5,
    fadeAnimation: !isStill, zoomAnimation: !isStill, markerZoomAnimation: !isStill, inertia: !isStill,
  });
  const container = map.getContainer();
  container.setAttribute("role", "region");
  container.setAttribute("aria-label", "Map. Arrow keys move it, plus and minus zoom.");
  // A page that is being scrolled must not be caught by the map under the pointer.
  container.addEventListener("wheel", (event) => event.ctrlKey || event.stopPropagation(), { capture: true });
  L.control.attribution({ prefix: '<a href="https://leafletjs.com">Leaflet</a>' }).addTo(map);

  const ground = findGround(data);
  const areas = new Map();
  const spots = new Map();
  let state = null;
  let selection = null;
  let pointed = [];
  let revealed = "";

  const { radius, shape, name, names, id } = data.place;
  radius.forEach((metres, i) => {
    if (!metres) return;
    const isBase = shape[i] === "extent";
    const area = L.circle(ground[i].point, {
      radius: metres, weight: 1, className: isBase ? "tl-area" : "tl-area tl-area--rough",
    });
    area.on("click", () => selection?.here[i] && toggle([i]));
    area.on("mouseover", () => tell([i]));
    area.on("mouseout", () => tell([]));
    areas.set(i, { area, isBase });
  });
  // Small ones last, so that none is hidden under a larger one.
  for (const { area, isBase } of [...areas.values()].sort((a, b) => b.area.getRadius() - a.area.getRadius())) {
    if (isBase) area.addTo(map);
  }

  function toggle(places) {
    const isChosen = places.every((i) => state.place.has(id[i]));
    change((asked) => {
      for (const i of places) asked.place[isChosen ? "delete" : "add"](id[i]);
      if (places.length > 1) asked.places = false;
    });
  }

  /** Say below the map which places are meant. */
  function tell(places) {
    const parts = places.slice(0, NAMED).flatMap((i, at) => [
      ...(at ? [" · "] : []), make("span", {}, name[i], ...makeNames(names[i], data.directions)),
      ...(selection?.here[i] ? [` ${sayNumber(selection.here[i])}`] : []),
    ]);
    const rest = places.length - NAMED;
    where.replaceChildren(...parts, ...(rest > 0 ? [` and ${say(rest, "more place")}`] : []));
  }

  function count(places) {
    if (places.length === 1) return selection.here[places[0]];
    const wanted = new Set(places);
    return selection.found.filter((i) => data.events.place[i].some((one) => wanted.has(one))).length;
  }

  function open(places) {
    const bounds = L.latLngBounds(places.map((i) => ground[i].point));
    const zoom = Math.min(map.getBoundsZoom(bounds, false, L.point(60, 60)), CLOSEST);
    if (zoom <= map.getZoom()) {
      toggle(places);
      return;
    }
    map.once("moveend", () => {
      const next = [...spots.values()].find((spot) => spot.places.some((i) => places.includes(i)));
      (next?.button ?? container).focus();
    });
    map.setView(bounds.getCenter(), zoom, { animate: !isStill });
  }

  function makeSpot(places) {
    const [first] = places;
    const button = make("button", { type: "button" });
    const marker = L.marker(ground[first].point, {
      icon: L.divIcon({ html: button, className: "tl-spot-box", iconSize: null }),
      interactive: false, keyboard: false,
    });
    L.DomEvent.disableClickPropagation(button);
    button.addEventListener("click", () => (places.length > 1 ? open(places) : toggle(places)));
    for (const kind of ["mouseenter", "focus"]) button.addEventListener(kind, () => tell(places));
    for (const kind of ["mouseleave", "blur"]) button.addEventListener(kind, () => tell([]));
    return { button, marker, places };
  }

  function drawSpots() {
    if (!selection) return;
    const project = (point) => map.latLngToLayerPoint(point);
    const { groups, wholes } = group(data, selection.here, ground, project);
    const view = map.getBounds().pad(0.02);
    const most = Math.max(1, ...groups.flat().map((i) => selection.here[i]));
    const visible = groups.filter(([first]) => view.contains(ground[first].point));
    const wanted = new Map(visible.map((places) => [places.join(), places]));
    for (const [key, { marker, button }] of spots) {
      if (wanted.has(key)) continue;
      if (button === document.activeElement) container.focus({ preventScroll: true });
      marker.remove();
      spots.delete(key);
    }
    for (const [key, places] of wanted) {
      if (!spots.has(key)) {
        const spot = makeSpot(places);
        spots.set(key, spot);
        spot.marker.addTo(map);
      }
      dress(spots.get(key), most);
    }
    drawAreas();
    regions.show(state, selection, pointed);
    drawWholes(wholes);
    mark();
  }

  function dress({ button, places }, most) {
    const [first] = places;
    const events = count(places);
    const isOne = places.length === 1;
    const look = !isOne ? "group" : radius[first] ? "area" : shape[first] === "dot" ? "dot" : "rough";
    button.className = `tl-spot tl-spot--${look}`;
    button.style.setProperty("--size", `${(24 + 20 * Math.sqrt(Math.min(events / most, 1))).toFixed(1)}px`);
    button.textContent = sayNumber(events);
    const label = isOne ? name[first] : `${name[first]} and ${say(places.length - 1, "more place")}`;
    button.setAttribute("aria-label", `${label}, ${say(events, "event")}`);
    button.setAttribute("aria-pressed", places.every((i) => state.place.has(id[i])));
  }

  function drawAreas() {
    const most = Math.max(1, ...[...areas.keys()].map((i) => (areas.get(i).isBase ? selection.here[i] : 0)));
    for (const [i, { area, isBase }] of areas) {
      const isChosen = state.place.has(id[i]);
      if (!isBase) {
        if (isChosen || pointed.includes(i)) area.addTo(map);
        else area.remove();
      }
      const share = isBase ? Math.sqrt(selection.here[i] / most) : 0;
      area.setStyle({ fillOpacity: selection.here[i] && isBase ? 0.12 + 0.5 * share : 0 });
      const shown = area.getElement();
      shown?.classList.toggle("tl-area--chosen", isChosen);
      shown?.classList.toggle("tl-area--pointed", pointed.includes(i));
    }
  }

  function drawWholes(wholes) {
    const list = panel.querySelector("[data-wholes]");
    const items = wholes.slice(0, 6).map((i) => makeChoice(i, "tl-chip"));
    list.replaceChildren(...items.map((button) => make("li", {}, button)));
    list.parentElement.hidden = !items.length;
  }

  function makeChoice(i, className) {
    const button = make(
      "button", { type: "button", className, "data-place": id[i], "aria-pressed": state.place.has(id[i]) },
      name[i], " ", make("small", {}, sayNumber(selection.here[i])),
    );
    button.addEventListener("click", () => toggle([i]));
    return button;
  }

  function drawList() {
    const list = panel.querySelector("[data-placelist]");
    const found = id.map((_, i) => i).filter((i) => selection.here[i]);
    found.sort((a, b) => selection.here[b] - selection.here[a] || a - b);
    panel.querySelector("[data-places-count]").textContent = sayNumber(found.length);
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.place : null;
    list.replaceChildren(...found.map((i) => make("li", {}, makeChoice(i, "tl-placelist__place"))));
    if (focused) list.querySelector(`[data-place="${focused}"]`)?.focus({ preventScroll: true });
  }

  function mark() {
    for (const { button, places } of spots.values()) {
      button.classList.toggle("tl-spot--pointed", places.some((i) => pointed.includes(i)));
    }
  }

  function fit(points) {
    if (!points.length) return;
    map.fitBounds(L.latLngBounds(points).pad(0.04), { animate: !isStill && Boolean(selection), maxZoom: 12 });
  }

  /** Bring chosen places into view if none of them is. */
  function reveal() {
    const chosen = [...state.place].map((place) => ground[data.place.at.get(place)]);
    const points = chosen.flatMap((one) => {
      if (!one?.isPoint) return [];
      const [south, west, north, east] = one.parts ?? [...one.point, ...one.point];
      return [one.point, [south, west], [north, east]];
    });
    const key = [...state.place].join();
    if (key !== revealed && !chosen.some((one) => one && map.getBounds().contains(one.point))) fit(points);
    revealed = key;
  }

  const base = [...areas.entries()].filter(([, { isBase }]) => isBase).map(([i]) => ground[i].point);
  const all = ground.filter((one) => one?.isPoint).map(({ point }) => point);
  if (all.length) fit(base.length > NAMED ? base : all);
  else map.setView([0, 0], 1);

  panel.querySelector("[data-fit]").addEventListener("click", () => {
    fit(ground.flatMap((one, i) => (one?.isPoint && selection.here[i] ? [one.point] : [])));
  });
  map.on("moveend zoomend", drawSpots);
  const regions = drawLines(map, data, { toggle: (i) => selection?.here[i] && toggle([i]), tell });
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(container);

  return {
    map,
    show(asked, found) {
      state = asked;
      selection = found;
      reveal();
      drawSpots();
      drawList();
    },
    point(places) {
      pointed = places;
      tell(places);
      if (selection) {
        drawAreas();
        regions.show(state, selection, pointed);
      }
      mark();
    },
  };
}
