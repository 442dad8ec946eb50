// Draws every [data-chart] from the JSON element it names; the option itself is built and tested in Python.
(() => {
  "use strict";
  const charts = [];

  // What no JSON can hold: how numbers are written on axes and labels.
  const FORMATS = {
    percent: (places) => (value) => (value == null ? "—" : (100 * Number(value)).toFixed(places) + "%"),
    number: (places) => (value) =>
      value == null ? "—" : Number(value).toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places }),
  };

  // {"$format": "percent", "places": 1} anywhere in an option becomes a formatting function.
  const alive = (node) => {
    if (Array.isArray(node)) return node.map(alive);
    if (node === null || typeof node !== "object") return node;
    if (node.$format in FORMATS) return FORMATS[node.$format](node.places ?? 0);
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, alive(value)]));
  };

  const font = getComputedStyle(document.body).fontFamily;
  const house = {
    animation: false,
    color: ["#1c4e80", "#a84300", "#0f6b42", "#7a5b00", "#6d3fa0", "#4b5563"],
    textStyle: { fontFamily: font, fontSize: 12 },
    grid: { left: 8, right: 16, top: 28, bottom: 8, containLabel: true },
  };

  // Rich text keeps tooltips free of inline styles, which the content security policy forbids.
  const dressed = (option) => ({
    ...house,
    ...option,
    tooltip: { trigger: "axis", confine: true, ...(option.tooltip || {}), renderMode: "richText" },
    aria: { enabled: true, ...(option.aria || {}) },
  });

  const draw = (box) => {
    const data = document.getElementById(box.dataset.chart);
    if (!data || charts.some((chart) => chart.getDom() === box)) return;
    const label = box.getAttribute("aria-label");
    const chart = echarts.init(box, null, { renderer: "canvas" });
    chart.setOption(dressed(alive(JSON.parse(data.textContent))));
    if (label) box.setAttribute("aria-label", label);
    charts.push(chart);
  };

  const drawAll = () => document.querySelectorAll("[data-chart]").forEach(draw);
  const resizeAll = () => charts.forEach((chart) => chart.resize());

  drawAll();
  document.body.addEventListener("htmx:afterSettle", drawAll);
  window.addEventListener("resize", resizeAll);
  window.addEventListener("beforeprint", resizeAll);
  window.addEventListener("afterprint", resizeAll);
})();
