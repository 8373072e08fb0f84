/* Elements and words. */

/** Make an element; a property that starts with `data-` or `aria-`, or is `role`, is an attribute. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (/^(data-|aria-|role$)/.test(name)) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

const number = new Intl.NumberFormat("en-GB");

export function say(count, one, many = `${one}s`) {
  return `${number.format(count)} ${count === 1 ? one : many}`;
}

export const sayNumber = (count) => number.format(count);

/** Make text comparable: no case, no accents, one kind of apostrophe. */
export function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[‘’ʿʾ]/g, "'").toLowerCase();
}

/** Make the names of a record in other languages, each in its own direction. */
export function makeNames(names, directions) {
  return Object.entries(names).flatMap(([lang, name]) => [
    " ", make("bdi", { className: "tl-name", lang, dir: directions[lang] }, name),
  ]);
}

/** Call a function when nothing has called for it for a while; `flush` calls it at once. */
export function debounce(call, wait) {
  let timer = 0;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(later.flush, wait);
  };
  later.flush = () => {
    clearTimeout(timer);
    call();
  };
  return later;
}

export const prefersStillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
