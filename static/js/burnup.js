// The chart of the burn-up. The same figures stand in the table at the end of the page, so without this file nothing is lost.

const box = document.getElementById("burnup-chart");
const source = document.getElementById("burnup-chart-data");
const ink = { plan: "#8591a0", actual: "#1457a8", band: "#c9781c" };

function line(name, data, style, more = {}) {
  return { name, type: "line", data, symbol: "none", lineStyle: style, itemStyle: { color: style.color }, ...more };
}

function options(figures, narrow) {
  const names = figures.names;
  const series = [
    line(names.plan, figures.plan, { color: ink.plan, width: 2, type: "dashed" }),
    line(names.actual, figures.actual, { color: ink.actual, width: 3 }, { symbol: "circle", symbolSize: 5 }),
  ];
  for (const [key, type, width] of [
    ["earliest", "dotted", 1.5],
    ["likely", "solid", 2.5],
    ["latest", "dotted", 1.5],
  ]) {
    if (figures.ends[key]) {
      series.push(
        line(names[key], figures.ends[key], { color: ink.band, width, type }, {
          endLabel: { show: key === "likely" && !narrow, formatter: `${names[key]}\n${figures.ends[key][1][0]}`, color: "#1f2a37" },
        }),
      );
    }
  }
  const { earliest, latest } = figures.ends;
  if (earliest && latest) {
    // The band between the two is a filled triangle from today to the two days.
    series.push({
      type: "custom",
      silent: true,
      z: 0,
      data: [earliest[0]],
      tooltip: { show: false },
      renderItem: (_params, api) => ({
        type: "polygon",
        shape: { points: [earliest[0], earliest[1], latest[1]].map(([day, share]) => api.coord([Date.parse(day), share])) },
        style: { fill: ink.band, opacity: 0.14 },
      }),
    });
  }
  return {
    animation: false,
    textStyle: { fontFamily: "inherit" },
    grid: { left: 8, right: narrow ? 12 : 96, top: narrow ? 64 : 40, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 20, itemHeight: 8, textStyle: { color: "#1f2a37" } },
    tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (value) => `${Number(value).toFixed(1)}%` },
    xAxis: { type: "time", axisLine: { lineStyle: { color: "#8591a0" } }, axisLabel: { color: "#1f2a37", hideOverlap: true, formatter: "{yyyy}-{MM}-{dd}" }, splitNumber: narrow ? 2 : 6 },
    yAxis: { type: "value", min: 0, max: 100, axisLabel: { color: "#55606e", formatter: "{value}%" }, splitLine: { lineStyle: { color: "#dfe4ea" } } },
    series,
  };
}

async function draw() {
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

if (box && source) {
  draw().catch(() => box.remove());
}
