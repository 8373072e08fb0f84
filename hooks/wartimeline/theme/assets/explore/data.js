/* The events as columns, and what is left of them. */

const NAMES = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
];

/** Fetch the columns from a folder; `stamp` changes with their content. */
export async function fetchData(folder, stamp) {
  const fetchFile = async (name) => {
    const response = await fetch(`${folder}${name}?${stamp}`);
    if (!response.ok) throw new Error(`${name}: ${response.status}`);
    return response.json();
  };
  return makeData(await fetchFile("events.json"), fetchFile);
}

/** Make the columns ready for questions. */
export function makeData(columns, fetchFile) {
  const firstYear = Number(columns.first.slice(0, 4));
  const { events } = columns;
  const place = index(columns.places);
  const actor = index(columns.actors);
  const chunks = new Map();
  return {
    count: events.month.length,
    months: columns.months,
    firstYear,
    families: columns.kinds.families,
    directions: columns.directions,
    kind: index(columns.kinds),
    phase: index(columns.phases),
    place,
    actor,
    events: {
      ...events,
      contested: new Set(events.contested),
      key: new Set(events.key),
      named: events.places,
      place: events.places.map((found) => withAncestors(found, place.parent)),
      actor: events.actors.map((found) => withAncestors(found, actor.parent)),
    },
    nameMonth: (month) => `${NAMES[month % 12]} ${firstYear + Math.floor(month / 12)}`,
    writeMonth: (month) =>
      `${String(firstYear + Math.floor(month / 12)).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}`,
    fetchLines: () => fetchFile("lines.json"),
    /** Fetch the words of some events; each is in the answer by its position. */
    async fetchRows(wanted) {
      const needed = [...new Set(wanted.map((i) => Math.floor(i / columns.chunk)))];
      for (const i of needed.filter((one) => !chunks.has(one))) {
        chunks.set(i, fetchFile(`rows-${i}.json`).catch((error) => {
          chunks.delete(i);
          throw error;
        }));
      }
      const found = new Map();
      for (const i of needed) found.set(i, await chunks.get(i));
      return new Map(wanted.map((event) => {
        const chunk = found.get(Math.floor(event / columns.chunk));
        const at = event % columns.chunk;
        return [event, Object.fromEntries(Object.keys(chunk).map((key) => [key, chunk[key][at]]))];
      }));
    },
  };
}

/**
 * Find the events that a state asks for, and count what else could be chosen.
 *
 * Between facets all must hold; within one, any value or, where asked, all. The
 * count of a value is that of the events there would be if it were chosen too:
 * where any value will do, the other values of its own facet are disregarded.
 */
export function select(data, state) {
  const { events } = data;
  const chosen = {
    kind: positions(data.kind, state.kind),
    phase: positions(data.phase, state.phase),
    place: positions(data.place, state.place),
    actor: positions(data.actor, state.actor),
  };
  const counts = {
    kind: new Uint32Array(data.kind.id.length),
    phase: new Uint32Array(data.phase.id.length),
    place: new Uint32Array(data.place.id.length),
    actor: new Uint32Array(data.actor.id.length),
    differ: 0,
  };
  const here = new Uint32Array(data.place.id.length);
  const bars = data.families.map(() => new Uint32Array(data.months));
  const found = [];
  const from = state.from ?? 0;
  const to = state.to ?? data.months - 1;
  for (let i = 0; i < data.count; i += 1) {
    const month = events.month[i];
    const fails = {
      time: month < from || month > to,
      kind: chosen.kind.size > 0 && !chosen.kind.has(events.kind[i]),
      phase: chosen.phase.size > 0 && !chosen.phase.has(events.phase[i]),
      place: !holds(chosen.place, events.place[i], state.places),
      actor: !holds(chosen.actor, events.actor[i], state.actors),
      differ: state.differ && !events.contested.has(i),
      origins: events.origins[i] < state.origins,
    };
    const failed = Object.keys(fails).filter((facet) => fails[facet]);
    if (failed.length > 1) continue;
    const [only] = failed;
    const counted = (facet) => only === undefined || only === facet;
    if (only === undefined) {
      found.push(i);
      for (const one of events.place[i]) here[one] += 1;
    }
    if (counted("time")) bars[data.kind.family[events.kind[i]]][month] += 1;
    if (counted("kind")) counts.kind[events.kind[i]] += 1;
    if (counted("phase")) counts.phase[events.phase[i]] += 1;
    if (only === undefined || (only === "place" && !state.places)) {
      for (const one of events.place[i]) counts.place[one] += 1;
    }
    if (only === undefined || (only === "actor" && !state.actors)) {
      for (const one of events.actor[i]) counts.actor[one] += 1;
    }
    if (counted("differ") && events.contested.has(i)) counts.differ += 1;
  }
  return { found, counts, here, bars };
}

function holds(wanted, values, all) {
  if (wanted.size === 0) return true;
  if (!all) return values.some((value) => wanted.has(value));
  return values.filter((value) => wanted.has(value)).length === wanted.size;
}

function index(columns) {
  return { ...columns, at: new Map(columns.id.map((id, i) => [id, i])) };
}

function positions(facet, ids) {
  return new Set([...ids].map((id) => facet.at.get(id)));
}

function withAncestors(found, parent) {
  const all = new Set();
  for (let one of found) {
    while (one !== -1 && !all.has(one)) {
      all.add(one);
      one = parent[one];
    }
  }
  return [...all];
}
