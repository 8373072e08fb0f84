/* Coasts, borders and regions: as fine as the base has them, and not beyond that. */

import "../vendor/leaflet/leaflet.js";

const { L } = window;
// Nearer than these, simplified lines would say more than they know.
const WORLD_UP_TO = 6.5;
const COUNTRY_FROM = 5;
const COUNTRY_UP_TO = 10.5;

/**
 * Draw lines below all else, fetched when the map first needs them.
 *
 * A region with events is shaded, and calls `toggle` and `tell` with its place.
 */
export function drawLines(map, data, { toggle, tell }) {
  map.createPane("lines").style.zIndex = 350;
  map.createPane("regions").style.zIndex = 360;
  let lines = null;
  let isFetched = false;
  let shown = null;
  let last = null;

  async function draw() {
    if (map.getZoom() > COUNTRY_UP_TO && !shown && !isFetched) return;
    if (!isFetched) {
      isFetched = true;
      // Without lines the map is as right as it was.
      lines = await data.fetchLines().then(makeLayers, () => null);
    }
    if (!lines) return;
    const wanted = choose();
    if (wanted !== shown) {
      shown?.layer.remove();
      wanted?.layer.addTo(map);
      shown = wanted;
    }
    map.getContainer().classList.toggle("tl-map--lines", Boolean(shown));
    drawRegions();
  }

  function choose() {
    const zoom = map.getZoom();
    const country = lines.countries.find(({ bounds }) => bounds.contains(map.getCenter()));
    if (country && zoom >= COUNTRY_FROM && zoom <= COUNTRY_UP_TO) return country;
    return zoom <= WORLD_UP_TO ? lines.world : null;
  }

  function makeLayers({ steps, world, countries, places }) {
    const unpack = (packed) => packed.map((numbers) => unpackLine(numbers, steps));
    const options = { pane: "lines", interactive: false, weight: 1 };
    const makeLayer = ({ land, borders, regions = [] }) => L.layerGroup([
      L.polygon(unpack(land).map((ring) => [ring]), { ...options, className: "tl-land" }),
      L.polyline(unpack(regions), { ...options, className: "tl-border tl-border--inner" }),
      L.polyline(unpack(borders), { ...options, className: "tl-border" }),
    ]);
    return {
      world: { layer: makeLayer(world) },
      countries: countries.map(({ bounds: [west, south, east, north], ...rest }) => ({
        layer: makeLayer(rest),
        bounds: L.latLngBounds([south, west], [north, east]),
      })),
      places: Object.entries(places)
        .filter(([id]) => data.place.at.has(id))
        .map(([id, rings]) => makeRegion(data.place.at.get(id), unpack(rings))),
    };
  }

  function makeRegion(i, rings) {
    const isRough = data.place.shape[i] !== "region";
    const className = isRough ? "tl-region tl-region--rough" : "tl-region";
    const area = L.polygon(rings.map((ring) => [ring]), { pane: "regions", weight: 1, className });
    area.on("click", () => toggle(i));
    area.on("mouseover", () => tell([i]));
    area.on("mouseout", () => tell([]));
    return { i, area, isRough };
  }

  function drawRegions() {
    if (!lines || !last) return;
    const [state, { here }, pointed] = last;
    const most = Math.max(1, ...lines.places.map(({ i }) => here[i]));
    for (const { i, area, isRough } of lines.places) {
      const isChosen = state.place.has(data.place.id[i]);
      const isMeant = isChosen || pointed.includes(i);
      const isShown = shown?.bounds && here[i] && !isRough;
      if (!isMeant && !isShown) {
        area.remove();
        continue;
      }
      area.addTo(map).setStyle({ fillOpacity: isRough ? 0 : 0.03 + 0.15 * Math.sqrt(here[i] / most) });
      area.getElement().classList.toggle("tl-region--meant", isMeant);
    }
  }

  map.on("moveend", draw);
  draw();
  return {
    show(state, selection, pointed) {
      last = [state, selection, pointed];
      drawRegions();
    },
  };
}

/** Unpack a first point and the steps to each next one into latitudes and longitudes. */
function unpackLine(numbers, steps) {
  const line = [];
  for (let i = 0, lon = 0, lat = 0; i < numbers.length; i += 2) {
    lon += numbers[i];
    lat += numbers[i + 1];
    line.push([lat / steps, lon / steps]);
  }
  return line;
}
