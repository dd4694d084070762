/* Keep what is drawn on canvases: where each text begins and ends, and how wide the picture is on the screen. */
(() => {
  const brush = CanvasRenderingContext2D.prototype;
  const { fillText, drawImage } = brush;
  window.drawn = { names: [], widths: [] };
  brush.fillText = function (text, x, ...more) {
    const half = this.measureText(text).width / 2;
    window.drawn.names.push({ text, left: x - half, right: x + half });
    return fillText.call(this, text, x, ...more);
  };
  brush.drawImage = function (...given) {
    if (this.canvas.isConnected) window.drawn.widths.push(Math.round(given[3]));
    return drawImage.apply(this, given);
  };
})();
