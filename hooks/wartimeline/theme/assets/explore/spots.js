/* What stands on the map: which places, and which of them are drawn as one. */

const NEAR = 36;
const LARGE = 130;

/**
 * Find the places that have a position, and the ground that their parts cover.
 *
 * A country is too large for a point to stand for it.
 */
export function findGround(data) {
  const { latitude, longitude, kind, parent } = data.place;
  const ground = latitude.map((lat, i) =>
    lat === null ? null : { point: [lat, longitude[i]], isPoint: kind[i] !== "country", parts: null },
  );
  ground.forEach((one, i) => {
    if (!one) return;
    for (let above = parent[i]; above !== -1; above = parent[above]) {
      const whole = ground[above];
      if (whole) whole.parts = widen(whole.parts, one.point);
    }
  });
  return ground;
}

/**
 * Put places into groups that are drawn as one, those with most events first.
 *
 * `project` turns a position into pixels. A place whose parts lie apart on the
 * screen is not drawn, as its parts are: it is among the `wholes`.
 */
export function group(data, here, ground, project) {
  const spots = [];
  const wholes = [];
  for (let i = 0; i < here.length; i += 1) {
    if (!here[i]) continue;
    const place = ground[i];
    if (!place?.isPoint || (place.parts && measure(place.parts, project) > LARGE)) wholes.push(i);
    else spots.push(i);
  }
  const most = (a, b) => here[b] - here[a] || a - b;
  spots.sort(most);
  const cells = new Map();
  const groups = [];
  for (const i of spots) {
    const at = project(ground[i].point);
    const [column, row] = [Math.floor(at.x / NEAR), Math.floor(at.y / NEAR)];
    let near = null;
    for (let x = column - 1; x <= column + 1; x += 1) {
      for (let y = row - 1; y <= row + 1; y += 1) {
        for (const one of cells.get(`${x},${y}`) ?? []) {
          if (Math.hypot(one.at.x - at.x, one.at.y - at.y) < NEAR) near ??= one;
        }
      }
    }
    if (near) {
      near.places.push(i);
      continue;
    }
    const one = { at, places: [i] };
    groups.push(one);
    const cell = `${column},${row}`;
    cells.set(cell, [...(cells.get(cell) ?? []), one]);
  }
  return { groups: groups.map(({ places }) => places), wholes: wholes.sort(most) };
}

function widen(box, [lat, lon]) {
  const [south, west, north, east] = box ?? [lat, lon, lat, lon];
  return [Math.min(south, lat), Math.min(west, lon), Math.max(north, lat), Math.max(east, lon)];
}

function measure([south, west, north, east], project) {
  const [a, b] = [project([south, west]), project([north, east])];
  return Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y));
}
