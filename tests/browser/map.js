/* What a reader sees of the page of the map: everything that should be otherwise, in words. */
(colours) => {
  const { contrast, isDark } = colours();
  const faults = [];
  const check = (holds, ...words) => holds || faults.push(words.join(" "));

  check(document.documentElement.scrollWidth <= innerWidth, "the page scrolls sideways");
  const { left, right, height } = document.querySelector("canvas").getBoundingClientRect();
  check(left >= 0 && right <= innerWidth && height > 200, "the map is cut off:", left, right, height);
  const texts = ".seedbed-map :is(button, select, input, p, label, li, a, small), .seedbed-region :is(b, a)";
  for (const element of document.querySelectorAll(texts)) {
    if (!element.checkVisibility()) continue;
    const says = element.textContent.slice(0, 30) || element.localName;
    const isControl = element.matches("button, select, input");
    check(contrast(element) >= 4.5, says, "is too faint:", contrast(element));
    check(!isControl || contrast(element, "borderTopColor") >= 3, says, "has a faint border");
    const box = element.getBoundingClientRect();
    check(box.left >= 0 && box.right <= innerWidth, says, "is cut off:", box.left, box.right);
  }
  for (const region of document.querySelectorAll(".seedbed-region[data-colour]")) {
    const found = contrast(region, "borderLeftColor");
    check(found >= 4.5, "the colour of", region.firstElementChild.textContent, "is too faint:", found);
  }
  const help = document.querySelector(".seedbed-map__help");
  const placeholder = getComputedStyle(document.querySelector(".seedbed-map input"), "::placeholder");
  check(placeholder.color === getComputedStyle(help).color && placeholder.opacity === "1", "the placeholder is faint");
  const probe = help.appendChild(document.createElement("i"));
  for (let region = 0; region < 10; region += 1) {
    probe.style.color = `var(--seedbed-map-${region})`;
    check(contrast(probe) >= 4.5, "colour", region, "is too faint:", contrast(probe));
  }
  probe.style.color = "var(--seedbed-map-apart)";
  check(contrast(probe) >= 3, "the colour of what lies apart is too faint:", contrast(probe));
  probe.remove();
  const shown = [...document.querySelectorAll(".seedbed-map :is(.seedbed-map__card, [role=option])")];
  return { isDark: isDark(), shown: shown.filter((each) => each.checkVisibility()).length, faults };
}
