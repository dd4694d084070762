/* How well things stand out, by WCAG 2. Colours go through a canvas, which understands every notation. */
() => {
  const brush = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (colour, opacity = 1) => {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = colour;
    brush.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
    return [r, g, b, (a / 255) * opacity];
  };
  const over = (upper, lower) => [0, 1, 2].map((at) => upper[at] * upper[3] + lower[at] * (1 - upper[3])).concat(1);
  const luminance = (colour) => {
    const [r, g, b] = colour
      .map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  /* What is seen behind an element: all grounds up to the page's, the lowest first. */
  const behind = (element) => {
    const grounds = [];
    for (let it = element; it; it = it.parentElement) grounds.unshift(rgba(getComputedStyle(it).backgroundColor));
    return grounds.reduce((lower, upper) => over(upper, lower), [255, 255, 255, 1]);
  };
  /* The contrast of one colour of an element with what is behind it. */
  const contrast = (element, property = "color", opacity = 1) => {
    const ground = behind(element);
    const seen = over(rgba(getComputedStyle(element)[property], opacity), ground);
    const [low, high] = [luminance(seen), luminance(ground)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const isDark = () => luminance(behind(document.body)) < 0.2;
  return { contrast, isDark };
}
