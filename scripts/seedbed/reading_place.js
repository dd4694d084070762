/*
 * Keeps what an author reads where it is on the screen when a served page loads again: the browser's own way goes by
 * the height alone, and loses it where pictures or fonts come late.
 */
"use strict";

(() => {
  const PLACES = 12; // blocks in view that are looked for again: the first of them may be what was edited
  const KEY = `seedbed-reading-place ${location.pathname}`;
  const blocks = () => [
    ...document.querySelectorAll("article :is(p, li, h1, h2, h3, h4, h5, h6, pre, tr, img, svg)"),
  ];
  const nameOf = (block) => block.localName + block.textContent.trim().slice(0, 300) + (block.getAttribute("src") ?? "");
  const topOf = (block) => block.getBoundingClientRect().top;

  addEventListener("pagehide", () => {
    const seen = blocks().filter((block) => block.getBoundingClientRect().bottom > 0);
    const places = seen.slice(0, PLACES).map((block) => [nameOf(block), topOf(block)]);
    sessionStorage.setItem(KEY, JSON.stringify({ scrolled: scrollY, places }));
    history.scrollRestoration = "manual"; // else the browser may come after us
  });

  const kept = JSON.parse(sessionStorage.getItem(KEY));
  const [navigation] = performance.getEntriesByType("navigation");
  if (!kept || !["reload", "back_forward"].includes(navigation?.type)) return;

  /* Return how far to scroll so that the first block that is still there stands where it was. */
  const distance = () => {
    const back = kept.scrolled - scrollY;
    const all = kept.scrolled > 0 ? blocks() : []; // at its head a page stays there, whatever is new below
    for (const [name, top] of kept.places) {
      const shifts = all.filter((block) => nameOf(block) === name).map((block) => topOf(block) - top);
      if (shifts.length) return shifts.reduce((a, b) => (Math.abs(b - back) < Math.abs(a - back) ? b : a));
    }
    return back;
  };
  let untouched = true;
  const place = () => untouched && scrollBy({ top: distance(), behavior: "instant" });
  const letGo = () => {
    untouched = false;
    history.scrollRestoration = "auto";
  };
  for (const touch of ["wheel", "touchstart", "keydown", "pointerdown"])
    addEventListener(touch, letGo, { once: true, passive: true });

  place();
  addEventListener("load", async () => {
    place();
    await document.fonts.ready;
    place();
  });
})();
