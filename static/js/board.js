// The board: bar charts of panels, panels that could not be fetched, the link to what is seen. The same figures stand in
// the tables, and every panel has an address of its own, so without this file nothing is lost.

const colours = ["#c5cfdb", "#1457a8", "#1b7a43"];

function options(figures, narrow) {
  const crowded = figures.names.length > (narrow ? 5 : 14);
  return {
    color: colours,
    animation: false,
    textStyle: { fontFamily: "inherit" },
    grid: { left: 8, right: 8, top: 40, bottom: crowded ? 40 : 8, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12, textStyle: { color: "#1f2a37" } },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      axisPointer: { type: "shadow" },
      formatter: (rows) =>
        [rows[0].axisValue]
          .concat(rows.map((row) => `${row.seriesName} ${row.value}`))
          .concat(`${figures.rate_name} ${figures.rates[rows[0].dataIndex]}`)
          .join("\n"),
    },
    xAxis: {
      type: "category",
      data: figures.names,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: "#8591a0" } },
      axisLabel: { color: "#1f2a37", interval: 0, rotate: crowded || narrow ? 45 : 0 },
    },
    yAxis: {
      type: "value",
      minInterval: 1,
      axisLabel: { color: "#55606e" },
      splitLine: { lineStyle: { color: "#dfe4ea" } },
    },
    dataZoom: crowded ? [{ type: "slider", height: 20, bottom: 8, startValue: 0, endValue: narrow ? 4 : 13 }] : [],
    series: figures.series.map((one, place) => ({
      name: one.name,
      type: "bar",
      data: one.values,
      barMaxWidth: 18,
      barGap: place === 0 ? "0%" : undefined,
      itemStyle: { borderRadius: [2, 2, 0, 0] },
    })),
  };
}

async function draw(box) {
  const source = document.getElementById(box.dataset.chart);
  const echarts = await import(box.dataset.echarts);
  const chart = echarts.init(box, null, { renderer: "canvas" });
  const figures = JSON.parse(source.textContent);
  const show = () => {
    chart.resize();
    chart.setOption(options(figures, box.clientWidth < 560), true);
  };
  show();
  new ResizeObserver(show).observe(box);
}

function drawAll(within) {
  for (const box of within.querySelectorAll(".rr-chart[data-chart]:not([data-drawn])")) {
    box.dataset.drawn = "1";
    draw(box).catch(() => box.remove());
  }
}

drawAll(document);
document.addEventListener("htmx:afterSettle", () => drawAll(document));

for (const kind of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(kind, (event) => {
    const words = event.target.closest(".rr-panel")?.querySelector(".rr-panel-failed");
    if (words) words.hidden = false;
  });
}

for (const button of document.querySelectorAll("[data-copy-address]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copyAddress || window.location.href);
    const words = button.querySelector("span");
    const before = words.textContent;
    words.textContent = button.dataset.copied;
    setTimeout(() => (words.textContent = before), 2500);
  });
}
