// The bar chart of the board. The same figures stand in the table beneath it, so without this file nothing is lost.

const box = document.getElementById("board-chart");
const source = document.getElementById("board-chart-data");
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
