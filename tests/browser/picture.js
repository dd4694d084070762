/* What a reader sees of the picture of what is around a note: everything that should be otherwise, in words. */
(colours) => {
  const { contrast, isDark } = colours();
  const drawing = document.querySelector(".seedbed-around svg");
  const all = (selector) => [...drawing.querySelectorAll(selector)];
  const boxes = all("text").map((text) => [text.textContent, text.getBoundingClientRect()]);
  const faults = [];
  const check = (holds, ...words) => holds || faults.push(words.join(" "));

  check(drawing.checkVisibility() && drawing.getBoundingClientRect().height > 50, "no picture");
  check(document.documentElement.scrollWidth <= innerWidth, "the page scrolls sideways");
  all("text, circle, path:not(marker *)").forEach((shape) => {
    const { left, right } = shape.getBoundingClientRect();
    check(left >= 0 && right <= innerWidth, shape.localName, shape.textContent, "is cut off:", left, right);
  });
  boxes.forEach(([name, one], place) => {
    boxes.slice(place + 1).forEach(([other, two]) => {
      const isApart = one.right <= two.left || two.right <= one.left || one.bottom <= two.top || two.bottom <= one.top;
      check(isApart, name, "covers", other);
    });
  });
  all("path:not(marker *)").forEach((line) => {
    const toScreen = line.getScreenCTM();
    const length = line.getTotalLength();
    for (let at = 0; at <= 40; at += 1) {
      const { x, y } = line.getPointAtLength((length * at) / 40).matrixTransform(toScreen);
      const crossed = boxes.find(([, box]) => x > box.left && x < box.right && y > box.top && y < box.bottom);
      check(!crossed, crossed?.[0], "is crossed by a line");
    }
  });
  const scale = drawing.getScreenCTM().a;
  all("text").forEach((text) => {
    const size = parseFloat(getComputedStyle(text).fontSize) * scale;
    check(size >= 11, text.textContent, "is too small:", size);
    check(contrast(text, "fill") >= 4.5, text.textContent, "is too faint:", contrast(text, "fill"));
  });
  all("circle, marker path").forEach((shape) => {
    check(contrast(shape, "fill") >= 3, shape.outerHTML, "is too faint:", contrast(shape, "fill"));
  });
  all("path:not(marker *)").forEach((line) => {
    const seen = contrast(line, "stroke", getComputedStyle(line).strokeOpacity);
    check(seen >= 3, line.getAttribute("class"), "is too faint:", seen);
  });
  const more = document.querySelector(".seedbed-around__more");
  check(!more || contrast(more) >= 4.5, "the number of others is too faint");
  return { isDark: isDark(), names: boxes.length, faults: [...new Set(faults)] };
}
