/* Narrows the ledger of claims. Without JavaScript there is no form, and the tables are whole.

Where the claims of a page stand on other pages, their rows are fetched from there on first use. */

const form = document.querySelector(".tl-filter__form");
const status = form.querySelector("[role=status]");
const clear = form.querySelector("[type=reset]");
const found = document.querySelector(".tl-found");
const ways = document.querySelector(".tl-ways");
const names = new Set([...form.querySelectorAll("datalist option")].map((option) => fold(option.value)));
const fields = [...form.elements].filter((element) => element.name);
let claims = found ? null : readClaims(document);
let fetching = null;
let latest = 0;

/** Make text comparable: no case, no accents, one kind of apostrophe. */
function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[‘’]/g, "'").toLowerCase();
}

/** Read the claims of all tables of the ledger in a page. */
function readClaims(page) {
  return [...page.querySelectorAll(".tl-ledger tbody")].flatMap((group) => {
    const [event, ...rows] = group.rows;
    const title = event.cells[1].textContent;
    return rows.map((row) => ({
      group,
      row,
      claimant: fold(row.querySelector(".tl-by").textContent),
      measure: row.dataset.measure,
      text: fold(`${title} ${row.cells[1].firstChild.textContent}`),
    }));
  });
}

/** Fetch the tables of another page; its links are made to lead where they led there. */
async function fetchTables(address) {
  const url = new URL(address, location.href);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const groups = [...page.querySelectorAll(".tl-ledger tbody")];
  for (const link of groups.flatMap((group) => [...group.querySelectorAll("a")])) {
    link.href = new URL(link.getAttribute("href"), url).href;
  }
  return groups;
}

async function fetchClaims() {
  const { leaves, root } = form.dataset;
  const pages = await Promise.all(leaves.split(" ").map((leaf) => fetchTables(root + leaf)));
  found.querySelector("table").append(...pages.flat());
  return readClaims(found);
}

function readForm() {
  const wanted = new FormData(form);
  return new URLSearchParams([...wanted].filter(([, value]) => value.trim()));
}

/** Make the question whether a claim is wanted. A whole name wants nobody of a longer one. */
function makeTest(wanted) {
  const claimant = fold(wanted.get("claimant") ?? "").trim();
  const isName = names.has(claimant);
  const measure = wanted.get("measure");
  const words = fold(wanted.get("text") ?? "").split(/\s+/);
  return (claim) =>
    (isName ? claim.claimant === claimant : claim.claimant.includes(claimant)) &&
    (!measure || claim.measure === measure) &&
    words.every((word) => claim.text.includes(word));
}

/** Show the claims that are wanted; hide groups and headings that have none left, and counts. */
function show(wanted) {
  const isWanted = makeTest(wanted);
  const left = new Map();
  for (const claim of claims ?? []) {
    claim.row.hidden = !isWanted(claim);
    left.set(claim.group, (left.get(claim.group) ?? 0) + !claim.row.hidden);
  }
  for (const [group, count] of left) {
    group.hidden = !count;
    group.rows[0].cells[0].rowSpan = count + 1;
  }
  for (const section of document.querySelectorAll(".tl-group")) {
    section.hidden = !section.querySelector("tbody:not([hidden])");
    section.querySelector("small").hidden = wanted.toString() !== "";
  }
  return [...left.values()].reduce((sum, count) => sum + count, 0);
}

async function apply() {
  const wanted = readForm();
  const isActive = wanted.toString() !== "";
  const mine = ++latest;
  clear.hidden = !isActive;
  if (isActive && !claims) {
    status.textContent = "Reading the claims…";
    try {
      claims = await (fetching ??= fetchClaims());
    } catch {
      fetching = null;
      if (mine === latest) {
        status.textContent = "The claims could not be read. Try again, or read them below.";
      }
      return;
    }
    if (mine !== latest) return;
  }
  const count = show(wanted);
  if (found) {
    found.hidden = !isActive || !count;
    ways.hidden = isActive;
  }
  const total = Number(form.dataset.total).toLocaleString("en-GB");
  status.textContent = isActive ? `${count.toLocaleString("en-GB")} of ${total} claims` : "";
}

/** Keep what is asked in the address, so that it can be shared and gone back to. */
function keep() {
  const query = readForm().toString();
  if (query !== new URLSearchParams(location.search).toString()) {
    history.pushState(null, "", `${location.pathname}${query && `?${query}`}${location.hash}`);
  }
}

function restore() {
  const wanted = new URLSearchParams(location.search);
  for (const field of fields) field.value = wanted.get(field.name) ?? "";
  apply();
}

form.addEventListener("input", (event) => {
  apply();
  if (names.has(fold(event.target.value))) keep();
});
form.addEventListener("change", keep);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  keep();
});
form.addEventListener("reset", (event) => {
  event.preventDefault();
  for (const field of fields) field.value = "";
  apply();
  keep();
  fields[0].focus();
});
window.addEventListener("popstate", restore);
form.hidden = false;
restore();
