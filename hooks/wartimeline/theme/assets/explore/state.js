/* What is asked, and its form in the address, which can be shared and gone back to. */

/** The facets of which several values can be chosen, in the order of the address. */
export const FACETS = ["kind", "phase", "place", "actor"];
/** Those where an event has several values, so that all can be asked for. */
export const MANIFOLD = ["place", "actor"];

/** What asks for nothing. Months count from the first of the data; values are ids. */
export function makeState() {
  return {
    from: null, to: null,
    kind: new Set(), phase: new Set(), place: new Set(), actor: new Set(),
    places: false, actors: false,
    differ: false, origins: 0,
  };
}

/** Read a state from the query of an address; what the data do not know is left out. */
export function readState(query, data) {
  const asked = new URLSearchParams(query);
  const state = makeState();
  state.from = readMonth(asked.get("from"), data);
  state.to = readMonth(asked.get("to"), data);
  if (state.from !== null && state.to !== null && state.from > state.to) {
    [state.from, state.to] = [state.to, state.from];
  }
  for (const facet of FACETS) {
    for (const id of asked.getAll(facet)) {
      if (data[facet].at.has(id)) state[facet].add(id);
    }
  }
  for (const facet of MANIFOLD) state[`${facet}s`] = asked.get(`${facet}s`) === "all";
  state.differ = asked.get("differ") === "yes";
  const origins = Number(asked.get("origins"));
  state.origins = Number.isInteger(origins) && origins > 1 ? Math.min(origins, 6) : 0;
  return tidy(state, data);
}

/** Write a state as the query of an address, without what is not asked. */
export function writeState(state, data) {
  const asked = new URLSearchParams();
  if (state.from !== null) asked.set("from", data.writeMonth(state.from));
  if (state.to !== null) asked.set("to", data.writeMonth(state.to));
  for (const facet of FACETS) {
    for (const id of [...state[facet]].sort()) asked.append(facet, id);
    if (MANIFOLD.includes(facet) && state[`${facet}s`] && state[facet].size > 1) {
      asked.set(`${facet}s`, "all");
    }
  }
  if (state.differ) asked.set("differ", "yes");
  if (state.origins) asked.set("origins", state.origins);
  const text = asked.toString();
  return text && `?${text}`;
}

/** Turn ends of the time that leave nothing out into none. */
export function tidy(state, data) {
  if (state.from !== null && state.from <= 0) state.from = null;
  if (state.to !== null && state.to >= data.months - 1) state.to = null;
  return state;
}

export const isEmpty = (state, data) => writeState(state, data) === "";

function readMonth(text, data) {
  const found = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text ?? "");
  if (!found) return null;
  const month = (Number(found[1]) - data.firstYear) * 12 + Number(found[2]) - 1;
  return Math.min(Math.max(month, 0), data.months - 1);
}
