/* What a reader sees of the page of the map: everything that should be otherwise, in words. */
(colours) => {
  const { contrast, isDark } = colours();
  const faults = [];
  const check = (holds, ...words) => holds || faults.push(words.join(" "));

  check(document.documentElement.scrollWidth <= innerWidth, "the page scrolls sideways");
  const { left, right, height } = document.querySelector("canvas").getBoundingClientRect();
  check(left >= 0 && right <= innerWidth && height > 200, "the map is cut off:", left, right, height);
  const texts = ".seedbed-map :is(button, select, p, label), .seedbed-region :is(b, a)";
  for (const element of document.querySelectorAll(texts)) {
    if (!element.checkVisibility()) continue;
    const says = element.textContent.slice(0, 30);
    check(contrast(element) >= 4.5, says, "is too faint:", contrast(element));
    check(element.localName !== "button" || contrast(element, "borderTopColor") >= 3, says, "has a faint border");
  }
  for (const region of document.querySelectorAll(".seedbed-region[data-colour]")) {
    const found = contrast(region, "borderLeftColor");
    check(found >= 4.5, "the colour of", region.firstElementChild.textContent, "is too faint:", found);
  }
  return { isDark: isDark(), faults };
}
