/*
 * Previews: what a link within the site leads to, beside it after a moment of pointing or of keyboard focus. A note is
 * shown by its beginning, a heading by its section, any other place by its block. All is taken from the page itself,
 * asked for once: most often it is read next.
 */
"use strict";

(() => {
  const PAUSE = 300; // milliseconds
  const ENOUGH = 1200; // characters: more than the box shows at once
  const SOME = 150; // characters: enough to end a beginning before a heading
  const MOST = 500_000; // characters read of a page, however many link to it
  const KEPT = 20; // pages, of which each is a whole document
  const GAP = 6; // pixels between link and box, and around both
  const LINK =
    ".seedbed-article a[href]:not([title], [aria-describedby], [data-preview], [download], .tag, .headerlink, .footnote-backref)";
  const AROUND =
    "h1, nav, aside, .footnote, .seedbed-header, .seedbed-properties, .md-content__button, .md-source-file";
  const UNWANTED =
    "script, style, iframe, object, embed, button, .headerlink, .footnote-backref, .seedbed-figure__numbers, " +
    ".seedbed-figure__control, .seedbed-diagram > details";
  const STOP = "a[href], summary, input, select, textarea, audio[controls], video[controls], [tabindex='0']";
  const BLOCK =
    "h1, h2, h3, h4, h5, h6, p, li, dd, blockquote, pre, table, figure, details, .admonition, [id^='^']";

  const { base, features } = JSON.parse(document.getElementById("__config").textContent);
  const root = new URL(base.replace(/\/?$/, "/"), location).href;
  const isFine = matchMedia("(hover: hover) and (pointer: fine)");
  const pages = new Map();
  const box = document.createElement("div");
  let wanted = null; // the link that the pointer or the focus is at, or whose preview it is in
  let focused = null; // the link that the keyboard is at: its preview stays while the pointer is at none
  let shown = null;
  let height = 0; // of the pointer: where it is at a link of several lines
  let timer = 0;

  if (!box.showPopover || features.includes("navigation.instant.preview")) return; // which are the theme's own

  /* Return the link at an element, if it leads to a page of this site; to a place in it, if it is this page. */
  function linkAt(element) {
    const link = element.closest?.(LINK);
    const { href, pathname, hash, protocol } = link ? addressOf(link) : location;
    const isTheirs = link?.matches(".footnote-ref") && features.includes("content.footnote.tooltips");
    const leads = pathname === location.pathname ? hash : protocol !== "file:" && /(\/|\.html)$/.test(pathname);
    return link && leads && href.startsWith(root) && !isTheirs ? link : null;
  }

  function addressOf(link) {
    const probe = document.createElement("a"); // whose properties are there in drawings too, and whatever is written
    probe.href = link.getAttribute("href");
    return probe;
  }

  /* Return the page at a path, which is asked for once. */
  function pageAt(path) {
    if (path === location.pathname) return document;
    if (!pages.has(path)) pages.set(path, load(path));
    if (pages.size > KEPT) pages.delete(pages.keys().next().value);
    return pages.get(path);
  }

  async function load(path) {
    const response = await fetch(path);
    if (!response.ok) throw response;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (let part; text.length < MOST && !(part = await reader.read()).done; ) text += part.value;
    reader.cancel();
    return new DOMParser().parseFromString(text, "text/html");
  }

  /* Return the elements that a fragment of a page names, words behind it left aside; none if they are on the screen. */
  function partsOf(page, hash) {
    const article = page.querySelector(".seedbed-article");
    const named = page.getElementById(decodeURIComponent(/^#?(.*?)(:~:|$)/.exec(hash)[1]));
    const target = article.contains(named) && (named.closest(BLOCK) ?? named);
    if (!target || target.localName === "h1") return page === document ? [] : beginning(article.children, SOME);
    const { top, bottom, width } = target.getBoundingClientRect(); // all zero in another page
    if (width && top >= 0 && bottom <= innerHeight) return [];
    if (target.localName === "li") return [...target.childNodes];
    if (!isHeading(target)) return [target];
    const after = [];
    let next = target;
    while ((next = next.nextElementSibling) && !(isHeading(next) && next.localName <= target.localName)) after.push(next);
    return [target, ...beginning(after, Infinity)];
  }

  /* Return the first of some elements, as many as are wanted; not past a heading if there is some text before it. */
  function beginning(elements, some) {
    const found = [];
    let length = 0;
    for (const element of elements) {
      if (element.matches(AROUND)) continue;
      if (length > ENOUGH || (length > some && isHeading(element))) break;
      found.push(element);
      length += element.textContent.length;
    }
    return found;
  }

  function isHeading(element) {
    return /^h\d/.test(element.localName);
  }

  /* Return copies of parts of a page that can stand in any other: without scripts and ids, with whole addresses. */
  function copied(parts, address) {
    const inert = document.implementation.createHTMLDocument(); // where nothing is loaded
    const { body } = inert;
    const each = (selector, act) => body.querySelectorAll(selector).forEach(act);
    body.append(...parts.map((part) => inert.importNode(part, true)));
    each(UNWANTED, (it) => it.remove());
    for (const name of ["href", "src", "poster"]) {
      each(`[${name}]:not(svg :not(a))`, (it) => {
        const written = it.getAttribute(name);
        const whole = URL.canParse(written, address) && new URL(written, address);
        if (whole && (name === "href" || whole.protocol === "data:" || whole.origin === location.origin)) {
          it.setAttribute(name, whole);
        } else if (name === "href") it.removeAttribute(name);
        else it.remove();
      });
    }
    for (const name of ["id", "name", "for", "srcset", "autoplay"]) {
      each(`[${name}]:not(svg *)`, (it) => it.removeAttribute(name));
    }
    for (const name of ["aria-labelledby", "aria-describedby", "aria-controls"]) {
      each(`[${name}]`, (it) => {
        if (it.closest("svg")) it.setAttribute(name, it.getAttribute(name).replace(/\S+/g, "preview-$&"));
        else it.removeAttribute(name);
      });
    }
    // Drawings need their ids, which may be others' in this page.
    each("svg", (it) => (it.outerHTML = it.outerHTML.replace(/( id="|url\(#|<use[^>]* href="#)/g, "$1preview-")));
    return body.innerHTML;
  }

  /* Want the preview of a link, or none, if that is still so in a moment. */
  function want(link) {
    if (link === wanted || isInside()) return; // who reads in a preview keeps it, wherever the pointer is
    wanted = link;
    clearTimeout(timer);
    timer = link === shown ? 0 : setTimeout(turn, PAUSE);
  }

  async function turn() {
    const mine = timer;
    hide();
    if (!wanted) return;
    const address = addressOf(wanted);
    try {
      const page = await pageAt(address.pathname);
      const title = page === document ? [] : page.querySelectorAll(".seedbed-article > h1");
      const content = copied(partsOf(page, address.hash), address);
      const isThere = mine === timer && wanted.getClientRects().length;
      if (content && isThere) show(copied([...title], address) + content);
    } catch {
      pages.delete(address.pathname); // and whoever follows the link will see what is the matter
    }
  }

  function show(html) {
    box.innerHTML = html;
    box.ariaLabel = wanted.textContent.trim() || wanted.querySelector("[alt]")?.alt;
    box.classList.toggle("seedbed-preview--focus", wanted === focused);
    document.body.append(box);
    box.showPopover();
    place(wanted);
    shown = wanted;
    watcher.observe(shown);
  }

  /* Put the box below the link or above it, where there is room, so that it scrolls with the page. */
  function place(link) {
    const { top, bottom } = link.getBoundingClientRect();
    const lines = [...link.getClientRects()];
    const { left } = lines.find((line) => line.bottom >= height) ?? lines[0];
    const { clientWidth, clientHeight } = document.documentElement;
    const above = top - 2 * GAP;
    const below = clientHeight - bottom - 2 * GAP;
    const isBelow = box.offsetHeight <= below || below >= above;
    const start = Math.max(GAP, Math.min(left, clientWidth - box.offsetWidth - GAP)) + scrollX;
    box.style.inset = isBelow
      ? `${bottom + GAP + scrollY}px auto auto ${start}px`
      : `auto auto ${clientHeight - top + GAP - scrollY}px ${start}px`;
    box.style.setProperty("--room", `${isBelow ? below : above}px`);
    box.scrollTop = 0;
  }

  /* Remove the preview, and give its link the focus back that was in it. */
  function hide() {
    if (isInside()) shown.focus({ preventScroll: true });
    watcher.disconnect();
    shown = null;
    box.remove();
  }

  function isInside() {
    return box.contains(document.activeElement);
  }

  /* Show none until the pointer or the focus comes to another link, or comes again. */
  function dismiss() {
    clearTimeout(timer);
    timer = 0;
    hide();
    focused = null;
  }

  /* Return whether Tab would leave the preview, from what has the focus in it. */
  function isLast(isBackward) {
    const stops = [...box.querySelectorAll(STOP)].filter((stop) => stop.checkVisibility());
    const place = stops.indexOf(document.activeElement);
    return isBackward ? place < 1 : place === stops.length - 1;
  }

  const watcher = new IntersectionObserver(([link]) => link.isIntersecting || hide());
  box.className = "seedbed-preview seedbed-article md-typeset";
  box.popover = "manual";
  box.role = "dialog";
  box.tabIndex = -1;

  document.addEventListener("pointerover", ({ target, pointerType, buttons, clientY }) => {
    if (!isFine.matches || pointerType === "touch" || buttons) return;
    const link = box.contains(target) ? shown : linkAt(target);
    if (link !== shown) height = clientY;
    want(link ?? focused);
  });
  document.documentElement.addEventListener("pointerleave", () => want(focused));
  document.addEventListener("focusin", ({ target }) => {
    if (!isFine.matches || box.contains(target)) return;
    focused = target.matches(":focus-visible") ? linkAt(target) : null;
    if (focused) height = 0;
    want(focused);
  });
  document.addEventListener("pointerdown", ({ target }) => box.contains(target) || dismiss());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") dismiss();
    else if (event.key === "ArrowDown" && event.altKey && shown) {
      event.preventDefault();
      box.focus();
    } else if (event.key === "Tab" && isInside() && isLast(event.shiftKey)) {
      shown.focus(); // from which Tab goes on, while back is there
      if (event.shiftKey) event.preventDefault();
    }
  });

  // The preview of a note that nobody wrote begins with what the theme would show of the link's title.
  if (isFine.matches) {
    for (const link of document.querySelectorAll("a.missing-link[title]")) {
      link.ariaDescription = link.title;
      link.removeAttribute("title");
    }
  }
})();
