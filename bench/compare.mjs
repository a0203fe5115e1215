/** The middle number of a list. */
export const median = (list) => {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Measures contenders in turn, `rounds` times each after one warm-up. */
export async function compare(title, contenders, { rounds, repeats = 1, unit, count }) {
  const times = contenders.map(() => ({ wall: [], cpu: [] }));
  for (const contender of contenders) {
    await contender.prepare();
    contender.figure = (await contender.worker.ask({ task: "run", repeats: 1 })).figure;
  }
  for (let round = 0; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      const { wall, cpu } = await contender.worker.ask({ task: "run", repeats });
      times[i].wall.push(wall / repeats);
      times[i].cpu.push(cpu / repeats);
    }
  }
  const own = { wall: median(times[0].wall), cpu: median(times[0].cpu) };
  const results = contenders.map(({ name, figure }, i) => {
    const wall = median(times[i].wall);
    const pairs = times[i].wall.map((time, round) => times[0].wall[round] / time);
    return {
      name,
      [unit]: count / wall,
      wall,
      cpu: median(times[i].cpu),
      timeRatio: median(pairs),
      cpuRatio: own.cpu / median(times[i].cpu),
      ...(figure === undefined || figure === null ? {} : { figure }),
    };
  });
  process.stdout.write(`${title}\n`);
  for (const result of results) {
    process.stdout.write(
      `  ${result.name.padEnd(28)} ${result[unit].toFixed(1).padStart(9)} ${unit}  dn2 takes ${result.timeRatio.toFixed(2)} of its time (CPU ${result.cpuRatio.toFixed(2)})${result.figure === undefined ? "" : `, result ${result.figure.toPrecision(6)}`}\n`,
    );
  }
  return { title, results };
}
