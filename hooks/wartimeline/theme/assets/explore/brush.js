/* The months as a drawing, with two ends to move. */

import { make, say } from "./dom.js";

const HEIGHT = 100;
const LEAST = 2.5;
const STEPS = {
  ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -12, PageUp: 12,
  Home: -Infinity, End: Infinity,
};

/**
 * Make the brush in a panel; `change(from, to, isDone)` is called with months, or
 * null for an end that leaves nothing out, and with `isDone` false while a pointer
 * moves or keys are pressed.
 */
export function makeBrush(panel, data, change) {
  const brush = panel.querySelector(".tl-brush");
  const drawing = brush.querySelector("svg");
  const range = panel.querySelector("[data-range]");
  const handles = Object.fromEntries(
    ["from", "to"].map((end) => [end, brush.querySelector(`[data-end=${end}]`)]),
  );
  const shades = ["before", "after"].map((side) => brush.querySelector(`[data-shade=${side}]`));
  const last = data.months - 1;
  const years = makeYears();
  let ends = { from: 0, to: last };

  drawing.setAttribute("viewBox", `0 0 ${data.months} ${HEIGHT}`);
  drawing.setAttribute("preserveAspectRatio", "none");
  const paths = data.families.map((family) => {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("class", `tl-family tl-family--${family}`);
    drawing.append(path);
    return path;
  });

  function makeYears() {
    const count = data.months / 12;
    const group = panel.querySelector(".tl-years");
    group.style.setProperty("--years", count);
    group.classList.toggle("tl-years--many", count > 20);
    const buttons = Array.from({ length: count }, (_, i) =>
      make("button", { type: "button", className: "tl-year-button" }, String(data.firstYear + i)),
    );
    buttons.forEach((button, i) => {
      button.addEventListener("click", () => {
        const isChosen = button.getAttribute("aria-pressed") === "true";
        move(isChosen ? 0 : i * 12, isChosen ? last : i * 12 + 11, true);
      });
    });
    group.append(...buttons);
    return buttons;
  }

  function move(from, to, isDone) {
    const clamp = (month) => Math.min(Math.max(month, 0), last);
    ends = { from: clamp(Math.min(from, to)), to: clamp(Math.max(from, to)) };
    place();
    change(ends.from === 0 ? null : ends.from, ends.to === last ? null : ends.to, isDone);
  }

  function place() {
    const share = (month) => `${(month / data.months) * 100}%`;
    handles.from.style.insetInlineStart = share(ends.from);
    handles.to.style.insetInlineStart = share(ends.to + 1);
    shades[0].style.inlineSize = share(ends.from);
    shades[1].style.inlineSize = share(last - ends.to);
    const bounds = { from: [0, ends.to], to: [ends.from, last] };
    for (const [end, handle] of Object.entries(handles)) {
      handle.setAttribute("aria-valuemin", bounds[end][0]);
      handle.setAttribute("aria-valuemax", bounds[end][1]);
      handle.setAttribute("aria-valuenow", ends[end]);
      handle.setAttribute("aria-valuetext", data.nameMonth(ends[end]));
    }
    const [first, end] = [data.nameMonth(ends.from), data.nameMonth(ends.to)];
    range.textContent = first === end ? first : `${first} – ${end}`;
    years.forEach((button, i) => {
      button.setAttribute("aria-pressed", ends.from === i * 12 && ends.to === i * 12 + 11);
    });
  }

  function draw(bars) {
    const totals = Array.from({ length: data.months }, (_, m) => bars.reduce((sum, one) => sum + one[m], 0));
    const most = Math.max(1, ...totals);
    const lines = bars.map(() => "");
    totals.forEach((total, m) => {
      if (!total) return;
      const scale = Math.max((total / most) * HEIGHT, LEAST) / total;
      let base = HEIGHT;
      bars.forEach((counts, family) => {
        const height = counts[m] * scale;
        if (height) lines[family] += `M${m + 0.1} ${base.toFixed(1)}h.8v-${height.toFixed(1)}h-.8z`;
        base -= height;
      });
    });
    paths.forEach((path, family) => path.setAttribute("d", lines[family]));
    years.forEach((button, i) => {
      const count = totals.slice(i * 12, i * 12 + 12).reduce((sum, one) => sum + one, 0);
      button.classList.toggle("tl-year-button--none", !count);
      button.setAttribute("aria-label", `${data.firstYear + i}, ${say(count, "event")}`);
    });
  }

  for (const [end, handle] of Object.entries(handles)) {
    handle.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const [least, most] = end === "from" ? [0, ends.to] : [ends.from, last];
      const month = Math.min(Math.max(ends[end] + step, least), most);
      if (month !== ends[end]) move(...(end === "from" ? [month, ends.to] : [ends.from, month]), false);
    });
  }

  brush.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const box = brush.getBoundingClientRect();
    const at = ({ clientX }) => Math.floor(((clientX - box.left) / box.width) * data.months);
    const end = event.target.dataset.end;
    const anchor = end === "from" ? ends.to : end === "to" ? ends.from : at(event);
    const before = ends;
    const follow = (moved) => move(anchor, at(moved) - (end === "to" ? 1 : 0), false);
    const stop = (ended) => {
      brush.removeEventListener("pointermove", follow);
      brush.removeEventListener("pointerup", stop);
      brush.removeEventListener("pointercancel", stop);
      if (ended.type === "pointercancel") move(before.from, before.to, true);
      else move(ends.from, ends.to, true);
    };
    event.preventDefault();
    handles[end ?? "from"].focus();
    brush.setPointerCapture(event.pointerId);
    brush.addEventListener("pointermove", follow);
    brush.addEventListener("pointerup", stop);
    brush.addEventListener("pointercancel", stop);
    if (!end) move(anchor, anchor, false);
  });

  return {
    show(state, bars) {
      ends = { from: state.from ?? 0, to: state.to ?? last };
      place();
      draw(bars);
    },
  };
}
