/*
 * The map: every note as a dot where the build has put it, every link as a line, on a canvas that can be moved, zoomed,
 * searched and walked by keyboard. Titles, addresses and regions are those of the list below it, which shows the same.
 *
 * What is drawn is kept in a picture larger than what is seen: while the map moves that is all that is drawn anew, and
 * a new picture is made in small pieces once it stands still, so neither waits for fifty thousand lines.
 */
"use strict";

(() => {
  const MOST_SCALE = 12; // how much larger than the whole map it can be shown
  const AROUND = 0.25; // of what is seen, on each side, that the picture holds beside it
  const STILL = 90; // milliseconds after which a moved map is drawn anew
  const SLICE = 10; // milliseconds of drawing at a time
  const AGAIN = 40; // the same as long as there is nothing to look at; at first nothing else matters
  const WAIT = "wait"; // what a picture says that cannot go on yet
  const AT_ONCE = 500; // lines or dots that are drawn at a time
  const MANY = 3000; // lines from which on their density is drawn
  const VERY_MANY = 20_000; // and from which on it is drawn half as fine
  const DARKEST = 130; // of 255, where most lines are
  const REACH = 14; // pixels between the pointer and a dot it is at
  const CLICK = 5; // pixels that a click may move
  const FOUND = 8; // notes that are found at a time
  const NAMES = 90; // titles on the picture
  const LETTERS = 34; // of a title that are written
  const LINES = [0, -1, 1, -2, 2, -3, 3]; // below the middle of a region, where its name may stand
  const BESIDE = 24; // pixels at the sides of the whole map, where titles may stand
  const NOTHING = "No note is called so";
  const FLIGHT = 350; // milliseconds from one place to another

  const frame = document.querySelector(".seedbed-map");
  const source = document.getElementById("seedbed-map");
  const canvas = frame?.querySelector("canvas");
  const screen = canvas?.getContext("2d");
  if (!source || !screen) return;

  const data = JSON.parse(source.textContent);
  const count = data.regions.reduce((sum, [size]) => sum + size, 0);
  let lists = []; // of the regions, and the links in them: there once the page is
  let links = [];
  const title = (note) => links[note]?.textContent ?? "";
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const VALUES = new Uint8Array(128);
  for (let value = 0; value < 64; value += 1) VALUES[DIGITS.charCodeAt(value)] = value;
  const places = readPlaces();
  const across = (note) => places[2 * note];
  const down = (note) => places[2 * note + 1];
  const region = new Uint16Array(count);
  const degree = new Uint16Array(count);
  const ends = readLinks(); // of each link, one after the other
  const byDegree = [...region.keys()].sort((one, other) => degree[other] - degree[one]);
  const sheet = frame.querySelector(".seedbed-map__sheet");
  const card = frame.querySelector(".seedbed-map__card");
  const hint = frame.querySelector(".seedbed-map__hint");
  const status = frame.querySelector("[role=status]");
  const choice = frame.querySelector("select");
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)");

  let width = 0; // of what is seen, in CSS pixels
  let height = 0;
  let density = 1;
  const view = { scale: 1, x: 0, y: 0 }; // CSS pixels a unit, and the unit in the middle
  let least = 1; // scale at which all is seen
  let picture = null; // what was drawn, with the view it is of
  let making = null; // the next one
  let moved = 0; // when the view last changed
  let flight = 0;
  let tag = null; // notes that bear the tag that is shown
  let chosen = -1; // the note that the keyboard or a finger is at
  let pointed = -1; // and the one that the pointer is at
  let colours = null;
  let isAsked = false; // for a frame
  let isFirst = true; // the picture that is being made

  /* Read numbers of digits of five bits, of which the lowest come first and a sixth bit says that more follow. */
  function readSteps(text) {
    const steps = [];
    let step = 0;
    let bits = 0;
    for (let at = 0; at < text.length; at += 1) {
      const digit = VALUES[text.charCodeAt(at)];
      step |= (digit & 31) << bits;
      bits = digit & 32 ? bits + 5 : 0;
      if (!bits) steps.push(step);
      if (!bits) step = 0;
    }
    return steps;
  }

  function readPlaces() {
    const digit = (at) => VALUES[data.places.charCodeAt(at)];
    return Uint16Array.from({ length: 2 * count }, (_, at) => digit(2 * at) * 64 + digit(2 * at + 1));
  }

  function readLinks() {
    const found = [];
    let note = 0;
    let end = 0;
    for (const step of readSteps(data.links)) {
      end = step ? end + step : (note += 1);
      if (!step) continue;
      found.push(note, end);
      degree[note] += 1;
      degree[end] += 1;
    }
    note = 0;
    data.regions.forEach(([size], place) => region.fill(place, note, (note += size)));
    return Uint32Array.from(found);
  }

  /* Where things are. */

  function toScreen(note, of = view) {
    return [(across(note) - of.x) * of.scale + width / 2, (down(note) - of.y) * of.scale + height / 2];
  }

  function radius(note, scale) {
    const nearness = Math.min(3, Math.sqrt(scale / least));
    const room = Math.min(9, Math.sqrt((width * height) / count) / 10); // dots are smaller where there are many
    return Math.min(11, Math.max(0.9, room * (0.55 + 0.16 * Math.sqrt(degree[note])) * nearness));
  }

  /* Return the note nearest to a point of the screen, none if all are farther than ``reach``. */
  function noteAt(x, y, reach) {
    let nearest = -1;
    let best = reach * reach;
    for (let note = 0; note < count; note += 1) {
      const [right, below] = [(across(note) - view.x) * view.scale + width / 2 - x, (down(note) - view.y) * view.scale + height / 2 - y];
      const distance = right * right + below * below;
      if (distance < best && (!tag || tag.has(note))) [nearest, best] = [note, distance];
    }
    return nearest;
  }

  function clamp() {
    view.scale = Math.min(Math.max(view.scale, least * 0.8), least * MOST_SCALE * Math.max(1, Math.sqrt(count) / 20));
    const room = data.side / 2 + width / 4 / view.scale;
    view.x = Math.min(Math.max(view.x, data.side / 2 - room), data.side / 2 + room);
    view.y = Math.min(Math.max(view.y, data.side / 2 - room), data.side / 2 + room);
  }

  function show(change) {
    Object.assign(view, change);
    clamp();
    moved = performance.now();
    ask();
  }

  /* Zoom by a factor, so that what is at a point of the screen stays there. */
  function zoom(factor, x = width / 2, y = height / 2) {
    const [atX, atY] = [view.x + (x - width / 2) / view.scale, view.y + (y - height / 2) / view.scale];
    show({ scale: view.scale * factor });
    show({ x: atX - (x - width / 2) / view.scale, y: atY - (y - height / 2) / view.scale });
  }

  function whole() {
    return { scale: least, x: data.side / 2, y: data.side / 2 };
  }

  function fly(to) {
    const from = { ...view };
    const begun = performance.now();
    const turn = (flight += 1);
    const step = () => {
      if (turn !== flight) return;
      const part = isCalm.matches ? 1 : Math.min(1, (performance.now() - begun) / FLIGHT);
      const eased = part * (2 - part);
      const between = (name) => from[name] + ((to[name] ?? from[name]) - from[name]) * eased;
      show({ scale: between("scale"), x: between("x"), y: between("y") });
      if (part < 1) requestAnimationFrame(step);
    };
    step();
  }

  /* Drawing. */

  function readColours() {
    const style = getComputedStyle(frame);
    const named = (name) => style.getPropertyValue(`--seedbed-map-${name}`).trim();
    const regions = data.regions.map(([, colour]) => named(colour ?? "apart"));
    colours = { regions, font: style.fontFamily };
    for (const name of ["apart", "ink", "line", "mark", "paper"]) colours[name] = named(name);
  }

  function colourOf(note) {
    if (!tag) return colours.regions[region[note]];
    return tag.has(note) ? colours.mark : colours.apart;
  }

  /* Return what a picture holds beside and above what is seen: whole pixels, or all of it would be blurred. */
  function margins() {
    return [width, height].map((size) => Math.round(size * AROUND));
  }

  /* Begin a picture of what the view shows, and return what goes on with it: piece by piece, false when it is done. */
  function newPicture() {
    const made = document.createElement("canvas");
    const [aside, above] = margins();
    made.width = Math.ceil((width + 2 * aside) * density);
    made.height = Math.ceil((height + 2 * above) * density);
    const of = { ...view };
    const brush = made.getContext("2d");
    brush.setTransform(density, 0, 0, density, aside * density, above * density);
    const box = [-aside, -above, width + aside, height + above];
    return { made, of, steps: drawn(brush, of, box) };
  }

  function* drawn(brush, of, box) {
    const x = Float32Array.from({ length: count }, (_, note) => (across(note) - of.x) * of.scale + width / 2);
    const y = Float32Array.from({ length: count }, (_, note) => (down(note) - of.y) * of.scale + height / 2);
    const seen = byDegree.filter((note) => x[note] > box[0] && y[note] > box[1] && x[note] < box[2] && y[note] < box[3]);
    yield;
    yield* drawDots(brush, of, seen);
    brush.globalCompositeOperation = "destination-over"; // lines go under the dots, which show where all is
    yield* drawLinks(brush, x, y, box);
    brush.globalCompositeOperation = "source-over";
    while (!lists.length) yield WAIT; // names are known when the list is
    drawNames(brush, of, seen);
  }

  function* drawDots(brush, of, seen) {
    const kinds = new Map();
    for (const note of seen) {
      const colour = colourOf(note);
      if (!kinds.has(colour)) kinds.set(colour, []);
      kinds.get(colour).push(note);
    }
    for (const [colour, notes] of kinds) {
      brush.fillStyle = colour;
      brush.globalAlpha = tag && colour !== colours.mark ? 0.35 : 1;
      for (let begun = 0; begun < notes.length; begun += AT_ONCE) {
        brush.beginPath();
        for (const note of notes.slice(begun, begun + AT_ONCE)) {
          const [x, y] = toScreen(note, of);
          const size = radius(note, of.scale);
          brush.moveTo(x + size, y);
          brush.arc(x, y, size, 0, 7);
        }
        brush.fill();
        yield;
      }
    }
    brush.globalAlpha = 1;
  }

  function* drawLinks(brush, x, y, box) {
    const [left, top, right, bottom] = box;
    const lines = new Float32Array(2 * ends.length); // from where to where, of those that cross the box
    let length = 0;
    for (let at = 0; at < ends.length; at += 2) {
      const one = ends[at];
      const other = ends[at + 1];
      const [fromX, fromY, byX, byY] = [x[one], y[one], x[other] - x[one], y[other] - y[one]];
      let start = 0; // the parts of the line between which it lies in the box
      let end = 1;
      if (byX) {
        const [edge, opposite] = [(left - fromX) / byX, (right - fromX) / byX];
        start = Math.max(start, Math.min(edge, opposite));
        end = Math.min(end, Math.max(edge, opposite));
      }
      if (byY) {
        const [edge, opposite] = [(top - fromY) / byY, (bottom - fromY) / byY];
        start = Math.max(start, Math.min(edge, opposite));
        end = Math.min(end, Math.max(edge, opposite));
      }
      const isInside = (byX || (fromX > left && fromX < right)) && (byY || (fromY > top && fromY < bottom));
      if (isInside && start < end) {
        lines[length] = fromX + byX * start;
        lines[length + 1] = fromY + byY * start;
        lines[length + 2] = fromX + byX * end;
        lines[length + 3] = fromY + byY * end;
        length += 4;
      }
      if (at % 8192 === 0) yield;
    }
    const crossing = lines.subarray(0, length);
    yield* length > 4 * MANY ? drawDensity(brush, box, crossing) : drawStrokes(brush, crossing);
  }

  function* drawStrokes(brush, lines) {
    brush.strokeStyle = colours.line;
    brush.lineWidth = 0.9;
    brush.globalAlpha = Math.min(0.4, Math.max(0.1, 24 / Math.sqrt(lines.length)));
    for (let begun = 0; begun < lines.length; begun += 4 * AT_ONCE) {
      brush.beginPath();
      for (let at = begun; at < Math.min(begun + 4 * AT_ONCE, lines.length); at += 4) {
        brush.moveTo(lines[at], lines[at + 1]);
        brush.lineTo(lines[at + 2], lines[at + 3]);
      }
      brush.stroke();
      yield;
    }
    brush.globalAlpha = 1;
  }

  /*
   * Draw lines as how many of them there are at each pixel, on a scale that tells few from many: where thousands cross,
   * strokes over one another take seconds, and are nothing but black.
   */
  function* drawDensity(brush, box, lines) {
    const fineness = lines.length > 4 * VERY_MANY ? density / 2 : density;
    const wide = Math.ceil((box[2] - box[0]) * fineness) + 2;
    const sums = new Float32Array(wide * (Math.ceil((box[3] - box[1]) * fineness) + 2));
    let total = 0;
    for (let at = 0; at < lines.length; at += 4) {
      let column = (lines[at] - box[0]) * fineness;
      let row = (lines[at + 1] - box[1]) * fineness;
      const byX = (lines[at + 2] - lines[at]) * fineness;
      const byY = (lines[at + 3] - lines[at + 1]) * fineness;
      const steps = Math.max(1, Math.floor(Math.max(Math.abs(byX), Math.abs(byY))));
      const [right, down] = [byX / steps, byY / steps];
      const beside = Math.abs(byY) > Math.abs(byX) ? 1 : wide; // from a pixel to the one that shares the line with it
      for (let step = 0; step < steps; step += 1) {
        const [atX, atY] = [column | 0, row | 0];
        const part = beside === 1 ? column - atX : row - atY;
        const pixel = atY * wide + atX;
        sums[pixel] += 1 - part;
        sums[pixel + beside] += part;
        column += right;
        row += down;
      }
      total += steps;
      if (at % (4 * AT_ONCE) === 0) yield;
    }
    let filled = 0;
    for (let pixel = 0; pixel < sums.length; pixel += 1) if (sums[pixel]) filled += 1;
    const fewness = filled / total / 2;
    const image = new ImageData(wide, sums.length / wide);
    const shades = image.data;
    const [red, green, blue] = rgb(colours.line);
    for (let pixel = 0; pixel < sums.length; pixel += 1) {
      if (!sums[pixel]) continue;
      shades[4 * pixel] = red;
      shades[4 * pixel + 1] = green;
      shades[4 * pixel + 2] = blue;
      shades[4 * pixel + 3] = DARKEST * (1 - Math.exp(-sums[pixel] * fewness));
      if (pixel % 100_000 === 0) yield;
    }
    const layer = document.createElement("canvas");
    [layer.width, layer.height] = [image.width, image.height];
    layer.getContext("2d").putImageData(image, 0, 0);
    brush.drawImage(layer, box[0], box[1], image.width / fineness, image.height / fineness);
    yield;
  }

  /* Return red, green and blue of a colour, however it is written. */
  function rgb(colour) {
    const dot = document.createElement("canvas").getContext("2d");
    dot.fillStyle = colours.paper;
    dot.fillRect(0, 0, 1, 1);
    dot.fillStyle = colour;
    dot.fillRect(0, 0, 1, 1);
    return dot.getImageData(0, 0, 1, 1).data.slice(0, 3);
  }

  /* Names of regions first, then titles of notes by their links, as many as have room beside the dots. */
  function drawNames(brush, of, seen) {
    const taken = [];
    const dots = seen.slice(0, 4 * NAMES).map((note) => {
      const [x, y] = toScreen(note, of);
      const size = radius(note, of.scale);
      return [x - size, y - size, x + size, y + size];
    });
    const growth = Math.min(1, of.scale / least / 4);
    data.regions.forEach(([size, colour, x, y], place) => {
      const name = nameOf(place);
      if (!name || colour === null || data.regions.length < 2) return;
      const font = Math.min(17, Math.max(13, width / 28), 12 + Math.sqrt((60 * size) / count) + 5 * growth);
      const [middle, centre] = [(x - of.x) * of.scale + width / 2, (y - of.y) * of.scale + height / 2];
      const ways = LINES.flatMap((below) => [0, -1, 1, -2, 2].map((right) => [middle + 40 * right, centre + 18 * below]));
      const look = { bold: true, colour: colours.regions[place], taken };
      if (!write(brush, name, ways, font, { ...look, dots })) write(brush, name, ways, font, look);
    });
    let room = NAMES;
    for (const note of seen) {
      const size = radius(note, of.scale);
      if (!room || (size < 2.6 && count > 60)) break;
      if (tag && !tag.has(note)) continue;
      const [x, y] = toScreen(note, of);
      const ways = [size + 8, -size - 8].map((below) => [x, y + below]);
      room -= write(brush, title(note), ways, 12, { taken, dots });
    }
  }

  function nameOf(place) {
    return lists[place]?.querySelector("summary > b")?.textContent;
  }

  /*
   * Write a text in the middle of the first of some places where nothing stands and no edge cuts it off, for which it
   * moves aside; return whether there is one.
   */
  function write(brush, text, places, size, { bold, colour, taken, dots = [] }) {
    const letters = [...text];
    const shown = letters.length > LETTERS ? `${letters.slice(0, LETTERS - 2).join("")}…` : text;
    brush.font = `${bold ? 600 : 400} ${size}px ${colours.font}`;
    const half = brush.measureText(shown).width / 2 + 2;
    const tall = size * 0.6;
    const inside = ([x, y]) => [x < 0 || x > width ? x : Math.max(half, Math.min(x, width - half)), y];
    const isFree = ([x, y]) => {
      const isApart = ([left, top, right, bottom]) => x + half < left || x - half > right || y + tall < top || y - tall > bottom;
      return Math.abs(y) > tall && Math.abs(y - height) > tall && taken.every(isApart) && dots.every(isApart);
    };
    const place = places.map(inside).find(isFree);
    if (!place) return false;
    const [x, y] = place;
    taken.push([x - half, y - tall, x + half, y + tall]);
    brush.textAlign = "center";
    brush.textBaseline = "middle";
    brush.lineJoin = "round";
    brush.lineWidth = 3.5;
    brush.strokeStyle = colours.paper;
    brush.strokeText(shown, x, y);
    brush.fillStyle = colour ?? colours.ink;
    brush.fillText(shown, x, y);
    return true;
  }

  /* Draw a note with all that it is linked with, over the rest, which pales. */
  function drawAround(note) {
    const near = [];
    for (let at = 0; at < ends.length; at += 2) {
      if (ends[at] === note) near.push(ends[at + 1]);
      else if (ends[at + 1] === note) near.push(ends[at]);
    }
    screen.globalAlpha = 0.7;
    screen.fillStyle = colours.paper;
    screen.fillRect(0, 0, width, height);
    screen.globalAlpha = 1;
    const [x, y] = toScreen(note);
    screen.strokeStyle = colours.mark;
    screen.lineWidth = 1.2;
    screen.beginPath();
    for (const other of near) {
      screen.moveTo(x, y);
      screen.lineTo(...toScreen(other));
    }
    screen.stroke();
    for (const each of [...near, note]) {
      screen.fillStyle = colours.regions[region[each]];
      screen.beginPath();
      screen.arc(...toScreen(each), Math.max(each === note ? 5 : 3, radius(each, view.scale)), 0, 7);
      screen.fill();
    }
    screen.lineWidth = 2;
    screen.strokeStyle = colours.ink;
    screen.beginPath();
    screen.arc(x, y, Math.max(5, radius(note, view.scale)) + 3, 0, 7);
    screen.stroke();
    const taken = [];
    const beside = (each, by) => [by, -by].map((below) => [toScreen(each)[0], toScreen(each)[1] + below]);
    write(screen, title(note), beside(note, 20), 13, { bold: true, taken });
    near.sort((one, other) => degree[other] - degree[one]);
    for (const other of near.slice(0, 40)) write(screen, title(other), beside(other, 14), 12, { taken });
  }

  function ask() {
    if (!isAsked) requestAnimationFrame(paint);
    isAsked = true;
  }

  function paint() {
    isAsked = false;
    if (!width) return;
    const isOld = !picture || ["scale", "x", "y"].some((name) => picture.of[name] !== view[name]);
    if (isOld && !making && (!picture || performance.now() - moved > STILL || !covers())) making = newPicture();
    if (making) {
      const end = performance.now() + (isFirst ? Infinity : picture?.isDone ? SLICE : AGAIN);
      let step;
      do step = making.steps.next();
      while (!step.done && step.value !== WAIT && performance.now() < end);
      const isDone = step.done;
      if (isFirst) performance.mark("seedbed-map-drawn"); // but for the names
      isFirst = false;
      if (isDone || !picture) picture = { made: making.made, of: making.of, isDone };
      if (isDone) making = null;
    }
    screen.setTransform(density, 0, 0, density, 0, 0);
    screen.fillStyle = colours.paper;
    screen.fillRect(0, 0, width, height);
    const { made, of } = picture;
    const ratio = view.scale / of.scale;
    const [aside, above] = margins();
    const left = (of.x - view.x) * view.scale + width / 2 - (width / 2 + aside) * ratio;
    const top = (of.y - view.y) * view.scale + height / 2 - (height / 2 + above) * ratio;
    screen.drawImage(made, left, top, (made.width / density) * ratio, (made.height / density) * ratio);
    const marked = pointed >= 0 ? pointed : chosen;
    if (marked >= 0) drawAround(marked);
    const isWhole = picture.isDone && !making && !isOld;
    if (!isWhole) ask();
    canvas.dataset.drawn = isWhole;
  }

  /* Whether the picture holds all that is seen. */
  function covers() {
    const { of } = picture;
    const room = (0.5 + AROUND) / of.scale - 0.5 / view.scale;
    return Math.abs(of.x - view.x) <= width * room && Math.abs(of.y - view.y) <= height * room;
  }

  function redraw() {
    picture = making = null;
    readColours();
    ask();
  }

  function resize() {
    const isNew = !width;
    const isAll = view.scale === least;
    if (!canvas.clientWidth) return; // while the page is printed
    width = canvas.clientWidth;
    height = canvas.clientHeight;
    density = Math.min(devicePixelRatio || 1, 2);
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(height * density);
    least = Math.min(width - 2 * BESIDE, height) / data.side;
    if (isNew || isAll) Object.assign(view, whole());
    clamp();
    redraw();
    if (isNew) fromAddress();
  }

  function read() {
    lists = [...document.querySelectorAll(".seedbed-region")];
    links = lists.flatMap((list) => [...list.querySelectorAll("li > a")]);
    fromAddress();
    if (document.activeElement === input) find();
  }

  /* Notes that are pointed at or chosen. */

  function choose(note) {
    mark(note);
    const hash = note < 0 ? "" : `#${addressOf(note)}`;
    try {
      history.replaceState(history.state, "", location.pathname + location.search + hash);
    } catch {
      // Safari refuses it a hundred times in a row, as when an arrow key is held down.
    }
  }

  function mark(note) {
    chosen = note;
    tell(note);
    status.textContent = note < 0 ? "" : described(note);
    ask();
  }

  function described(note) {
    const name = nameOf(region[note]);
    const number = `${degree[note]} ${degree[note] === 1 ? "link" : "links"}`;
    return [title(note), number, ...(name ? [name] : [])].join(", ");
  }

  function tell(note) {
    card.hidden = note < 0 || !links.length;
    card.style.pointerEvents = pointed < 0 ? "" : "none"; // or it would hide the dot below it from the pointer, and go
    if (card.hidden) return;
    const link = document.createElement("a");
    const more = document.createElement("small");
    link.href = links[note].href;
    link.textContent = title(note);
    more.textContent = described(note).slice(title(note).length + 2);
    card.replaceChildren(link, " ", more);
  }

  const root = new URL("..", location.href).pathname;

  function addressOf(note) {
    return links[note].pathname.slice(root.length);
  }

  function decoded(address) {
    try {
      return decodeURIComponent(address);
    } catch {
      return address;
    }
  }

  /* Show the note that the address of the page names, however its letters are encoded. */
  function fromAddress() {
    if (!links.length || !width) return;
    const wanted = decoded(location.hash.slice(1));
    const note = wanted ? links.findIndex((_, each) => decoded(addressOf(each)) === wanted) : -1;
    if (note < 0) return;
    flight += 1;
    mark(note);
    show({ scale: least * Math.min(3, Math.max(1, Math.sqrt(count) / 10)), x: across(note), y: down(note) });
  }

  function open(note) {
    choose(note); // who comes back finds it
    location.assign(links[note].href);
  }

  function goTo(note) {
    choose(note);
    fly({ scale: Math.max(view.scale, least * Math.min(3, Math.sqrt(count) / 8)), x: across(note), y: down(note) });
  }

  /* Return the note that lies next in a direction: near, and not far aside. */
  function nextTo(from, right, below) {
    let best = -1;
    let least = Infinity;
    for (let note = 0; note < count; note += 1) {
      const [x, y] = [across(note) - across(from), down(note) - down(from)];
      const ahead = x * right + y * below;
      const aside = Math.abs(x * below - y * right);
      if (ahead <= 0 || aside > ahead * 1.2 || (tag && !tag.has(note))) continue;
      const far = ahead + 2 * aside;
      if (far < least) [best, least] = [note, far];
    }
    return best;
  }

  function step(right, below) {
    if (chosen < 0) {
      const first = noteAt(width / 2, height / 2, Infinity);
      return goTo(first);
    }
    const next = nextTo(chosen, right, below);
    if (next < 0) return;
    choose(next);
    const [x, y] = toScreen(next);
    const isNear = x > 60 && y > 60 && x < width - 60 && y < height - 60;
    if (!isNear) fly({ x: across(next), y: down(next) });
  }

  /* Mouse, finger and pen. */

  const pointers = new Map();
  let pressed = null;

  function at(event) {
    return [event.offsetX, event.offsetY];
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button || !links.length) return;
    flight += 1;
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, at(event));
    pressed = pointers.size === 1 ? { from: at(event), isClick: true } : null;
    hint.hidden = true;
  });

  canvas.addEventListener("pointermove", (event) => {
    const [x, y] = at(event);
    const before = pointers.get(event.pointerId);
    if (!before) {
      if (event.pointerType === "mouse") point(noteAt(x, y, REACH));
      return;
    }
    const others = [...pointers].filter(([id]) => id !== event.pointerId);
    if (others.length) {
      const [, [ofX, ofY]] = others[0];
      const factor = Math.hypot(x - ofX, y - ofY) / Math.max(1, Math.hypot(before[0] - ofX, before[1] - ofY));
      zoom(factor, (x + ofX) / 2, (y + ofY) / 2);
      show({ x: view.x - (x - before[0]) / 2 / view.scale, y: view.y - (y - before[1]) / 2 / view.scale });
    } else {
      if (pressed?.isClick) pressed.isClick = Math.hypot(x - pressed.from[0], y - pressed.from[1]) < CLICK;
      if (pressed?.isClick) return;
      point(-1);
      show({ x: view.x - (x - before[0]) / view.scale, y: view.y - (y - before[1]) / view.scale });
    }
    pointers.set(event.pointerId, [x, y]);
  });

  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, (event) => {
      pointers.delete(event.pointerId);
      if (name === "pointerup" && pressed?.isClick) click(event);
      pressed = null;
    });
  }

  /* A click opens a note; a finger, which cannot point before it clicks, chooses it first. */
  function click(event) {
    const isMouse = event.pointerType === "mouse";
    const note = noteAt(...at(event), isMouse ? REACH : 2 * REACH);
    if (note < 0) choose(-1);
    else if (event.ctrlKey || event.metaKey) window.open(links[note].href);
    else if (isMouse || note === chosen) open(note);
    else choose(note);
  }

  function point(note) {
    if (note === pointed) return;
    pointed = note;
    canvas.style.cursor = note < 0 ? "" : "pointer";
    tell(note < 0 ? chosen : note);
    ask();
  }

  canvas.addEventListener("pointerleave", () => {
    point(-1);
    hint.hidden = true;
  });
  canvas.addEventListener("dblclick", (event) => zoom(2, ...at(event)));

  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey && document.activeElement !== canvas) {
        hint.textContent = "Click the map, or hold Ctrl, to zoom";
        hint.hidden = false; // the page scrolls, as readers of the list expect
        return;
      }
      event.preventDefault();
      flight += 1;
      const lines = event.deltaMode ? 30 : 1;
      zoom(Math.exp(-Math.max(-60, Math.min(60, event.deltaY * lines)) / 200), ...at(event));
    },
    { passive: false },
  );

  /* Keyboard. */

  const ACTS = {
    ArrowLeft: () => step(-1, 0),
    ArrowRight: () => step(1, 0),
    ArrowUp: () => step(0, -1),
    ArrowDown: () => step(0, 1),
    Enter: () => chosen >= 0 && open(chosen),
    Escape: () => choose(-1),
    "+": () => fly({ scale: view.scale * 1.5 }),
    "=": () => fly({ scale: view.scale * 1.5 }),
    "-": () => fly({ scale: view.scale / 1.5 }),
    0: () => fly(whole()),
  };

  canvas.addEventListener("keydown", (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? null : ACTS[event.key];
    if (!act || !links.length) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });

  frame.querySelector(".seedbed-map__zoom").addEventListener("click", (event) => {
    const act = { in: "+", out: "-", all: "0" }[event.target.dataset.act];
    if (act) ACTS[act]();
  });

  /* Tags. */

  for (const [name] of data.tags) choice.append(new Option(`#${name}`, name));
  choice.addEventListener("change", () => {
    const found = data.tags.find(([name]) => name === choice.value);
    let note = -1;
    tag = found ? new Set(readSteps(found[1]).map((step) => (note += step))) : null;
    status.textContent = tag ? `${tag.size} of ${count} notes bear #${choice.value}` : "";
    redraw();
  });

  /* Finding a note by its title. */

  const input = frame.querySelector("input");
  const found = frame.querySelector("[role=listbox]");
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  let foldedTitles = null;
  let options = [];
  let current = -1;

  function find() {
    if (!links.length) return;
    const words = folded(input.value).split(/\s+/).filter(Boolean);
    foldedTitles ??= links.map((link) => folded(link.textContent));
    const rank = (note) => (foldedTitles[note].startsWith(words[0]) ? 0 : 1);
    const matches = words.length ? byDegree.filter((note) => words.every((word) => foldedTitles[note].includes(word))) : [];
    options = matches.sort((one, other) => rank(one) - rank(other)).slice(0, FOUND);
    current = options.length ? 0 : -1;
    found.replaceChildren(...options.map(optionOf));
    if (words.length) status.textContent = matches.length ? `${matches.length} found` : NOTHING;
    if (words.length && !matches.length) {
      const option = { textContent: NOTHING, role: "option", ariaDisabled: "true" };
      found.append(Object.assign(document.createElement("li"), option));
    }
    unfold(words.length > 0);
  }

  function optionOf(note, place) {
    const option = document.createElement("li");
    option.id = `seedbed-map-${place}`;
    option.setAttribute("role", "option");
    option.textContent = title(note);
    option.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    option.addEventListener("click", () => take(place));
    return option;
  }

  function unfold(isOpen) {
    found.hidden = !isOpen;
    input.setAttribute("aria-expanded", isOpen);
    [...found.children].forEach((option, place) => option.setAttribute("aria-selected", place === current));
    if (isOpen && current >= 0) input.setAttribute("aria-activedescendant", `seedbed-map-${current}`);
    else input.removeAttribute("aria-activedescendant");
  }

  function take(place) {
    const note = options[place];
    unfold(false);
    if (note === undefined) return;
    canvas.focus({ preventScroll: true });
    sheet.scrollIntoView({ block: "nearest" });
    goTo(note);
  }

  input.addEventListener("input", find);
  input.addEventListener("focus", () => input.value && find());
  input.addEventListener("blur", () => unfold(false));
  input.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && options.length) {
      current = (current + steps[event.key] + options.length) % options.length;
      unfold(true);
    } else if (event.key === "Enter") take(current);
    else if (event.key === "Escape" && !found.hidden) unfold(false);
    else return;
    event.preventDefault();
  });

  canvas.addEventListener("focus", () => {
    hint.hidden = true;
    if (chosen < 0 && canvas.matches(":focus-visible")) status.textContent = "Arrow keys go from note to note";
  });

  frame.hidden = false;
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", read);
  else read();
  resize();
  paint(); // before the browser reads on: the list that follows may be long
  new ResizeObserver(() => (canvas.clientWidth !== width || canvas.clientHeight !== height) && resize()).observe(canvas);
  new MutationObserver(redraw).observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
  addEventListener("hashchange", fromAddress);
})();
