/* The street map, which comes from elsewhere and only when a reader asks for it. */

import "../vendor/leaflet/leaflet.js";
import { make } from "./dom.js";

const { L } = window;
const KEY = "tl-street-map";
// The numbers of PMTiles 3 for Mapbox and MapLibre vector tiles.
const VECTORS = [1, 6];

/** Offer the street map of a panel's settings, if there is one, on a map. */
export function offerStreets(panel, map) {
  const button = panel.querySelector("[data-street]");
  if (!button) return;
  const remember = panel.querySelector("[data-remember]");
  const box = remember.querySelector("input");
  const failed = panel.querySelector("[data-street-failed]");
  const offer = button.textContent;
  let layer = null;
  let isShown = false;

  function fail() {
    failed.textContent = "The street map could not be loaded.";
  }

  async function show(isWanted) {
    isShown = isWanted;
    failed.textContent = "";
    button.textContent = isWanted ? "Hide street map" : offer;
    button.setAttribute("aria-pressed", isWanted);
    remember.hidden = !isWanted;
    map.getContainer().classList.toggle("tl-map--streets", isWanted);
    if (!isWanted) {
      layer?.remove();
      return;
    }
    try {
      layer ??= await makeLayer(panel.querySelector("[data-map]").dataset);
    } catch {
      fail();
      return;
    }
    layer.on("tileerror", fail);
    if (isShown) layer.addTo(map);
  }

  button.addEventListener("click", () => {
    show(!isShown);
    if (!isShown) write(box.checked = false);
  });
  box.addEventListener("change", () => write(box.checked));
  box.checked = read();
  if (box.checked) show(true);
}

async function makeLayer({ tiles, pmtiles, attribution, attributionUrl }) {
  const words = attributionUrl ? make("a", { href: attributionUrl }, attribution) : make("span", {}, attribution);
  const options = { attribution: words.outerHTML, maxZoom: 19, className: "tl-streets" };
  if (!pmtiles) return L.tileLayer(tiles, options);
  await loadScript(new URL("../vendor/pmtiles/pmtiles.js", import.meta.url));
  const archive = new window.pmtiles.PMTiles(new URL(pmtiles, location.href).href);
  const { minZoom, maxZoom, tileType } = await archive.getHeader();
  if (VECTORS.includes(tileType)) throw new Error("vector tiles are not supported");
  return window.pmtiles.leafletRasterLayer(archive, { ...options, minNativeZoom: minZoom, maxNativeZoom: maxZoom });
}

/** Load a script that is no module and leaves its name in the window. */
function loadScript(url) {
  return new Promise((resolve, reject) => {
    const script = make("script", { src: url.href, onload: resolve, onerror: reject });
    document.head.append(script);
  });
}

// A browser may forbid storage; then nothing is remembered.
function read() {
  try {
    return localStorage.getItem(KEY) === "yes";
  } catch {
    return false;
  }
}

function write(isWanted) {
  try {
    if (isWanted) localStorage.setItem(KEY, "yes");
    else localStorage.removeItem(KEY);
  } catch {
    // See above.
  }
}
