/*
 * Search: a dialog in front of the Pagefind index. Opened from the header, by "/" and by Ctrl-K or Cmd-K; the index
 * is not touched before that, and then only the pieces that a query needs are loaded. Focus moves through plain
 * links, so Enter, opening in a new tab and screen readers work as everywhere.
 *
 * The index of a large site is in shards, of which Pagefind searches each by itself.
 */
"use strict";

(() => {
  const PAGE = 8; // results shown at a time; each costs a request
  const SECTIONS = 3; // headings shown below a result
  const TAGS = 6; // tags of results by which they can be narrowed
  const NAMES = 5; // names that a misspelt one may mean
  const PAUSE = 120; // milliseconds without typing before a search

  const opener = document.querySelector(".seedbed-search-open");
  const dialog = document.querySelector("dialog.seedbed-search");
  if (!opener || !dialog || !dialog.showModal) return;

  const input = dialog.querySelector("input");
  const closer = dialog.querySelector("button");
  const status = dialog.querySelector("[role=status]");
  const choice = dialog.querySelector("[role=group]");
  const list = dialog.querySelector("ol");
  const say = dialog.dataset;
  const bundle = new URL(say.bundle, location.href).href; // now: the page's address may change without a load
  const shards = new URL("shards.json", bundle).href;
  const calls = new URL(say.names, location.href).href;

  const isSegmented = /^(zh|ja|th)\b/i.test(document.documentElement.lang) && Boolean(Intl.Segmenter);
  const LETTER = "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]"; // of a script without spaces
  const letters = new RegExp(`${LETTER}+`, "gu");
  const gaps = new RegExp(`(${LETTER}(?:</mark>)?) (?=(?:<mark>)?(?:${LETTER}|[\u3000-\u303f\uff00-\uffef]))`, "gu");

  let library = null;
  let names = null;
  let turn = 0;
  let timer = 0;
  let shown = ""; // the query that the list answers, or soon will
  let answering = Promise.resolve();

  /* Return a function from a query to its results, best first, once all shards of the index are there. */
  async function load() {
    const [module, list] = await Promise.all([import(bundle), fetch(shards, { cache: "no-cache" })]);
    await module.destroy(); // what an earlier attempt left: it remembers each file that it could not load
    const made = (await list.json()).shards;
    const folders = made.map((shard) => new URL(shard.folder, bundle).pathname);
    const options = (place) => ({
      excerptLength: 24,
      baseUrl: new URL("..", bundle).pathname,
      mergeFilter: { shard: `${place}` }, // a filter that each of its pages passes
    });
    await module.options(options(0));
    await module.init();
    await module.preload(""); // waits for the first shard, and fails if that does: merging would wait for ever
    await Promise.all(folders.slice(1).map((folder, place) => module.mergeIndex(folder, options(place + 1))));
    const sizes = made.map((shard) => shard.pages);
    const asked = new Map(); // who types a word behind others searches for those again
    return (query, tags) => across(module, sizes, asked, query, tags);
  }

  /*
   * Search every shard, and leave out those that know less of a word than others do. Pagefind scores a page by how
   * rare the words are in its own shard: scores are made comparable by how rare they are in all of them.
   */
  async function across(module, sizes, asked, query, tag) {
    const places = Object.keys(sizes);
    const find = async (text, shard) => (await module.search(text, { filters: { shard } })).results;
    const narrowed = async (text, shard) => {
      const filters = tag.length ? { shard, tag } : { shard };
      return (await module.search(text || null, { filters })).results;
    };
    if (places.length === 1) return narrowed(query, "0");
    const words = !query || /^\s*".+"\s*$/.test(query) ? [] : wordsOf(query); // words in quotes must all be there
    const ask = (word, shard) => {
      const question = `${shard} ${word}`;
      if (!asked.has(question)) asked.set(question, knowledge(word, shard, find));
      return asked.get(question);
    };
    const known = await Promise.all(places.map((shard) => Promise.all(words.map((word) => ask(word, shard)))));
    const most = words.map((_, place) => Math.max(...known.map((of) => of[place].letters)));
    const left = places.filter((shard) => most.every((letters, place) => known[shard][place].letters === letters));
    const pages = words.map((_, place) => sum(left.map((shard) => known[shard][place].pages)));
    const rarity = (size, counts) => sum(counts.map((count) => Math.log(1 + (size - count + 0.5) / (count + 0.5))));
    const found = left.map(async (shard) => {
      const own = rarity(sizes[shard], known[shard].map((word) => word.pages));
      const factor = words.length ? rarity(sum(sizes), pages) / own : 1;
      const results = await narrowed(query, shard);
      for (const result of results) result.score *= factor; // itself: what is behind one that is gone, Pagefind forgets
      return results;
    });
    return (await Promise.all(found)).flat().sort((one, other) => other.score - one.score);
  }

  function sum(numbers) {
    return numbers.reduce((one, other) => one + other, 0);
  }

  /*
   * Return how many letters of a word a shard knows, and on how many pages. For a word that it does not have, Pagefind
   * takes longer ones, or else a shorter beginning of it, which is no use where another shard has the word itself.
   */
  async function knowledge(word, shard, find) {
    const results = await find(word, shard);
    const letters = fold(word);
    let length = letters.length;
    if (!(await find(`"${word}"`, shard)).length) {
      const marks = results.length ? marked(await results[0].data()) : [];
      while (length && !marks.some((text) => text.includes(letters.slice(0, length)))) length -= 1;
    }
    return { letters: length, pages: results.length };
  }

  /* Divide a query as Pagefind does. */
  function wordsOf(query) {
    if (!isSegmented) return query.replaceAll('"', "").split(/\s+/);
    const pieces = new Intl.Segmenter(document.documentElement.lang, { granularity: "word" }).segment(query);
    return [...pieces].filter((piece) => piece.isWordLike).map((piece) => piece.segment);
  }

  /* Return a way to search, loaded once; after a failure the next search tries again. */
  function pagefind() {
    library ??= load().catch((error) => {
      library = null;
      throw error;
    });
    return library;
  }

  function make(tag, ...content) {
    const element = document.createElement(tag);
    element.append(...content);
    return element;
  }

  function link(address, ...content) {
    const element = make("a", ...content);
    element.href = address;
    return element;
  }

  /* Divide what was typed into words and the tags among them. */
  function read(typed) {
    const tags = [...typed.matchAll(/(?:^|\s)#([^\s#]+)/g)].map((match) => match[1].normalize("NFC").toLowerCase());
    const words = typed.replaceAll(/(^|\s)#[^\s#]+/g, "$1").trim();
    const text = isSegmented ? words : spaced(words);
    return { text, tags, phrase: text !== words && !words.replaceAll(letters, "") ? `"${text}"` : "" };
  }

  /* Where Pagefind divides no Chinese and Japanese, each letter is a word. */
  function spaced(text) {
    return text.replaceAll(letters, (run) => ` ${[...run].join(" ")} `).trim().replaceAll(/\s+/g, " ");
  }

  function joined(text) {
    return isSegmented ? text : text.replaceAll(gaps, "$1");
  }

  /* Pagefind's excerpts are text with escaped angle brackets and <mark>; nothing else of them becomes HTML. */
  function excerpt(html) {
    const pieces = joined(html).split(/<\/?mark>/).map((text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">"));
    return make("p", ...pieces.map((text, index) => (index % 2 ? make("mark", text) : text)));
  }

  function fold(text) {
    return text.normalize("NFKD").replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
  }

  /* Return the words that a result was found by. */
  function marked(found) {
    return [...found.excerpt.matchAll(/<mark>(.*?)<\/mark>/g)].map((match) => fold(match[1]));
  }

  /* Pagefind takes ever shorter beginnings of a word it does not know: less than half of one is no answer. */
  function answers(found, query) {
    const marks = marked(found);
    const words = read(query).text.split(/\s+/).map(fold).filter(Boolean);
    const isLike = (text, word) =>
      text.includes(word.slice(0, Math.ceil(word.length / 2))) || (text.length > 1 && word.includes(text));
    return !marks.length || !words.length || marks.some((text) => words.some((word) => isLike(text, word)));
  }

  function item(found) {
    const title = joined(found.meta.title || found.url);
    const { upstream } = found.meta;
    const about = [upstream && joined(upstream), ...tagsOf(found).map((tag) => `#${tag}`)].filter(Boolean).join(" · ");
    const head = about ? [make("small", about)] : [];
    const entry = make("li", link(found.url, ...head, make("strong", title), excerpt(found.excerpt)));
    const sections = found.sub_results
      .filter((section) => section.url !== found.url && section.title !== title)
      .sort((one, other) => other.locations.length - one.locations.length)
      .slice(0, SECTIONS)
      .map((section) => make("li", link(section.url, joined(section.title))));
    if (sections.length) entry.append(make("ul", ...sections));
    return entry;
  }

  function tagsOf(found) {
    return (found.meta.tags || "").split(" ").filter(Boolean);
  }

  /* Offer the tags that are asked for, to be taken back, and those that results have most often. */
  function offer(found) {
    const { tags } = read(shown);
    const counts = new Map();
    for (const tag of found.flatMap(tagsOf)) counts.set(tag, (counts.get(tag) || 0) + 1);
    const often = [...counts]
      .filter(([tag, number]) => number < found.length && !tags.includes(tag.toLowerCase()))
      .sort((one, other) => other[1] - one[1])
      .slice(0, TAGS)
      .map(([tag]) => tag);
    replace(choice, [...tags, ...often].map(toggle));
    choice.hidden = !choice.children.length;
  }

  function toggle(tag) {
    const made = make("button", `#${tag}`);
    const isTag = (word) => word.toLowerCase() === `#${tag}`.toLowerCase();
    const words = () => input.value.trim().split(/\s+/);
    const tell = () => made.setAttribute("aria-pressed", words().some(isTag));
    made.type = "button";
    tell();
    made.addEventListener("click", () => {
      const others = words().filter((word) => !isTag(word));
      input.value = (words().some(isTag) ? others : [...others, `#${tag}`]).join(" ").trim();
      tell(); // the list comes later
      input.focus();
      search();
    });
    return made;
  }

  /* Return how many letters must be put in, left out, changed or swapped to make one word of another; at most `most` + 1. */
  function distance(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let [before, row] = [[], Array.from({ length: other.length + 1 }, (_, at) => at)];
    for (let i = 1; i <= one.length; i += 1) {
      const next = [i];
      for (let j = 1; j <= other.length; j += 1) {
        const same = one[i - 1] === other[j - 1];
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (same ? 0 : 1));
        if (one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1] && i > 1) next[j] = Math.min(next[j], before[j - 2] + 1);
      }
      if (Math.min(...next) > most) return most + 1;
      [before, row] = [row, next];
    }
    return row[other.length];
  }

  /* Return the address and the names of each note, loaded once; none after a failure, and the next search tries again. */
  function called() {
    names ??= fetch(calls).then((response) => response.json()).catch(() => {
      names = null;
      return [];
    });
    return names;
  }

  /* Return links to the notes whose names are most like what was typed, whatever the tags beside it. */
  async function suggestions(typed) {
    const asked = fold(read(typed).text || typed);
    if (asked.length < 3) return [];
    const most = asked.length < 6 ? 1 : asked.length < 10 ? 2 : 3;
    const near = [];
    for (const [uri, ...all] of await called()) {
      const far = all.map((name) => {
        const whole = fold(name);
        const parts = name.split(/[\s/-]+/).map(fold).filter((part) => part.length > 2);
        const starts = [whole, whole.slice(0, asked.length), ...parts];
        return Math.min(...starts.map((start, at) => distance(asked, start, most) + (at ? 0.1 : 0)));
      });
      const best = Math.min(...far);
      if (best <= most + 0.1) near.push({ uri, best, name: all[0], alias: all[far.indexOf(best)] });
    }
    near.sort((one, other) => one.best - other.best || one.name.localeCompare(other.name));
    return near.slice(0, NAMES).map(({ uri, name, alias }) => {
      const also = alias === name ? [] : [make("small", alias)];
      return make("li", link(new URL(`../${uri}`, bundle).href, ...also, make("strong", name)));
    });
  }

  /* Show the results from `start`, and a button for those after them. Moves focus from that button to what it brought. */
  async function show(results, start, mine) {
    const found = await Promise.all(results.slice(start, start + PAGE).map((result) => result.data()));
    if (mine !== turn) return;
    const isNothing = !start && !found.some((one) => answers(one, shown));
    const meant = isNothing ? await suggestions(shown) : [];
    if (mine !== turn) return;
    const entries = isNothing ? meant : found.map(item);
    status.textContent = count(isNothing ? 0 : results.length) + (meant.length ? `. ${say.meant}` : "");
    if (start) {
      list.lastElementChild.replaceWith(...entries);
      entries[0].querySelector("a").focus();
    } else {
      replace(list, entries);
      list.scrollTop = 0;
      offer(isNothing ? [] : found);
    }
    if (!isNothing && results.length > start + PAGE) list.append(make("li", further(results, start + PAGE, mine)));
  }

  /* Return a button that shows the results from `start`, or after a failure searches again. */
  function further(results, start, mine) {
    const made = make("button", say.more);
    made.type = "button";
    const go = async () => {
      try {
        await show(results, start, mine);
      } catch {
        fail(mine);
        made.addEventListener("click", search, { once: true });
      }
    };
    made.addEventListener("click", go, { once: true });
    return made;
  }

  /* Replace what a box holds; if the focus was there, who types on types in the field. */
  function replace(box, content) {
    if (box.contains(document.activeElement)) input.focus();
    box.replaceChildren(...content);
  }

  function count(number) {
    if (number < 2) return number ? say.one : say.none;
    return say.other.replace("#", number.toLocaleString(document.documentElement.lang));
  }

  async function answer(query) {
    const mine = ++turn;
    if (!query) {
      replace(list, []);
      status.textContent = "";
      offer([]);
      return;
    }
    try {
      const { text, tags, phrase } = read(query);
      const find = await pagefind();
      let results = phrase ? await find(phrase, tags) : [];
      if (!results.length) results = await find(text, tags);
      if (mine !== turn) return;
      await show(results, 0, mine);
    } catch {
      if (mine === turn) replace(list, []); // Enter would follow what another query found
      fail(mine);
    }
  }

  /* Tell of a failure, after which the next search begins with nothing loaded. */
  function fail(mine) {
    if (mine !== turn) return;
    library = null;
    shown = "";
    status.textContent = say.failed;
  }

  /* Search for what stands in the field; whoever waits for it waits for the list. */
  function search() {
    clearTimeout(timer);
    const query = input.value.trim();
    if (query !== shown) {
      shown = query;
      answering = answer(query);
    }
    return answering;
  }

  function open() {
    input.disabled = location.protocol === "file:"; // before the dialog opens, which then begins at its button
    if (!dialog.open) dialog.showModal();
    if (input.disabled) {
      status.textContent = say.file;
      return;
    }
    begin();
    if (library) return;
    status.textContent = say.loading;
    pagefind().then(
      () => status.textContent === say.loading && (status.textContent = ""),
      () => (status.textContent = say.failed),
    );
  }

  /* Go to the field, with all in it selected. */
  function begin() {
    input.focus();
    input.select();
  }

  /* Move focus among the field and the results, round and round; from what is beside the field as from there. */
  function move(step) {
    const stops = [input, ...list.querySelectorAll("a, button")];
    const place = Math.max(stops.indexOf(document.activeElement), 0);
    stops[(place + step + stops.length) % stops.length].focus();
  }

  async function follow() {
    // On a touch screen Enter only puts the keyboard away.
    if (matchMedia("(pointer: coarse)").matches) return input.blur();
    const waiting = search();
    await waiting;
    if (dialog.open && waiting === answering) list.querySelector("a")?.click(); // or the reader went on meanwhile
  }

  function isText(target) {
    return target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio])");
  }

  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation(); // the theme has single-key shortcuts
    if (event.isComposing) return;
    const { key, target } = event;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (key === "ArrowDown" || key === "ArrowUp") move(key === "ArrowDown" ? 1 : -1);
    else if (key === "Enter" && target === input) follow();
    else if (key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) begin();
    else {
      // Whoever types at a result goes on with the query.
      if (isPlain && target.matches("a") && (key.length === 1 || key === "Backspace")) input.focus();
      return;
    }
    event.preventDefault();
  });

  /* Beside the dialog is the dialog itself; a press that began in the field selects what is there. */
  let pressed = null;
  dialog.addEventListener("pointerdown", (event) => (pressed = event.target));
  dialog.addEventListener("click", (event) => {
    const isBeside = event.target === dialog && pressed === dialog;
    if (isBeside || event.target.closest("a")) dialog.close();
  });

  closer.addEventListener("click", () => dialog.close());
  opener.addEventListener("click", open);

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE);
  });

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.isComposing || event.altKey) return;
    const isChord = (event.ctrlKey || event.metaKey) && !event.shiftKey && key.toLowerCase() === "k";
    const isSlash = key === "/" && !event.ctrlKey && !event.metaKey && !isText(target);
    if (!isChord && !isSlash) return;
    event.preventDefault();
    open();
  });

  opener.hidden = false;
})();

/*
 * Canvases: drag to move, and zoom by buttons, by Ctrl or Cmd with the wheel, and by the keys + - and 0. Without this
 * script a canvas scrolls at a size at which it can be read.
 */
(() => {
  const STEP = 1.25; // one press of a button or key
  const MOST = 2;
  const MARGIN = 24; // pixels beside a board that is shown whole

  function button(name, sign, action) {
    const made = document.createElement("button");
    made.type = "button";
    made.title = name;
    made.setAttribute("aria-label", name);
    made.textContent = sign;
    made.addEventListener("click", action);
    return made;
  }

  function prepare(canvas) {
    const view = canvas.querySelector(".seedbed-canvas__view");
    const board = canvas.querySelector(".seedbed-canvas__board");
    if (!view || canvas.parentElement.closest(".seedbed-canvas")) return; // empty, or a preview on another's card

    const scale = () => board.getBoundingClientRect().width / board.offsetWidth;
    const whole = () => {
      const most = parseFloat(getComputedStyle(view).maxHeight);
      return Math.min((view.clientWidth - MARGIN) / board.offsetWidth, most / board.offsetHeight, 1);
    };

    /* Zoom, keeping what lies under a point of the screen, or in the middle of the view, where it is. */
    function zoom(wanted, x, y) {
      const before = board.getBoundingClientRect();
      const seen = view.getBoundingClientRect();
      const [left, top] = [x ?? seen.left + seen.width / 2, y ?? seen.top + seen.height / 2];
      const [across, down] = [(left - before.left) / before.width, (top - before.top) / before.height];
      canvas.style.setProperty("--zoom", Math.min(Math.max(wanted, whole()), MOST));
      const after = board.getBoundingClientRect();
      view.scrollLeft += after.left + across * after.width - left;
      view.scrollTop += after.top + down * after.height - top;
    }

    function reset() {
      canvas.style.removeProperty("--zoom");
    }

    const bar = document.createElement("div");
    bar.className = "seedbed-canvas__zoom";
    bar.append(
      button("Zoom out", "−", () => zoom(scale() / STEP)),
      button("Show the whole canvas", "Fit", () => zoom(whole())),
      button("Zoom in", "+", () => zoom(scale() * STEP)),
    );
    canvas.append(bar);

    view.addEventListener("keydown", (event) => {
      if (event.target !== view || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "+" || event.key === "=") zoom(scale() * STEP);
      else if (event.key === "-") zoom(scale() / STEP);
      else if (event.key === "0") reset();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });

    view.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        zoom(scale() * Math.exp(-event.deltaY / 400), event.clientX, event.clientY);
      },
      { passive: false },
    );

    // Cards keep the mouse to themselves: their text can be selected and scrolled. Fingers scroll anyway.
    view.addEventListener("pointerdown", (event) => {
      const isFree = event.button === 0 && !event.target.closest(".seedbed-canvas__card, a");
      const isOnScrollbar = event.offsetX > event.target.clientWidth || event.offsetY > event.target.clientHeight;
      if (event.pointerType !== "mouse" || !isFree || (event.target === view && isOnScrollbar)) return;
      view.setPointerCapture(event.pointerId);
      view.classList.add("is-moving");
    });
    view.addEventListener("pointermove", (event) => {
      if (view.classList.contains("is-moving")) view.scrollBy(-event.movementX, -event.movementY);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      view.addEventListener(end, () => view.classList.remove("is-moving"));
    }

    // Only what scrolls needs to be a stop for the keyboard.
    for (const body of view.querySelectorAll(".seedbed-canvas__body[tabindex]")) {
      const scrolls = body.scrollHeight > body.clientHeight || body.scrollWidth > body.clientWidth;
      if (!scrolls && !body.querySelector("img[loading], iframe")) body.removeAttribute("tabindex");
    }
  }

  document.querySelectorAll(".seedbed-canvas").forEach(prepare);
})();

/*
 * Figures of several frames: one at a time, chosen by a slider. Without this script, and in print, all frames are
 * shown. Each lies where the others do, so that nothing moves from one to the next.
 */
(() => {
  function prepare(figure) {
    const control = figure.querySelector(".seedbed-figure__control");
    const slider = control.querySelector("input");
    const output = control.querySelector("output");
    const frames = [...figure.querySelectorAll("[data-frame]")]; // drawings, then their tables

    function show() {
      for (const frame of frames) frame.classList.toggle("is-shown", frame.dataset.frame === slider.value);
      const { value } = frames[slider.value].dataset;
      slider.setAttribute("aria-valuetext", value);
      output.textContent = value;
    }

    slider.addEventListener("input", show);
    control.hidden = false;
    figure.classList.add("is-stepping");
    show();
  }

  document.querySelectorAll(".seedbed-figure--sweep").forEach(prepare);
})();
