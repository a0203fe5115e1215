import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/random.js";
import { anomalies } from "../../../src/datasets/synthetic/anomalies.js";
import { normalCells } from "../../../src/datasets/synthetic/normal-cells.js";
import type { CellPlan } from "../../../src/datasets/synthetic/plan.js";

/** Plans of a kind of anomaly over all normal kinds that it befalls, each beside the normal plan. */
function plansOf(kind: string): { normal: CellPlan; changed: CellPlan }[] {
  const { befalls = Object.keys(normalCells), change } = anomalies[kind];
  return befalls.flatMap((base) =>
    Array.from({ length: 50 }, (_, i) => {
      const normal = normalCells[base](new Random(`${base} ${i}`));
      return { normal, changed: change(normal, new Random(i)) };
    }),
  );
}

describe("anomalies", () => {
  it("a giant cell is at least a fifth larger, its nucleus in proportion", () => {
    for (const { normal, changed } of plansOf("giant cell")) {
      const factor = changed.radius / normal.radius;
      expect(factor).toBeGreaterThanOrEqual(1.2);
      expect(changed.lobes[0].rx / normal.lobes[0].rx).toBeCloseTo(factor);
      expect(changed.radius).toBeLessThan(32);
    }
  });

  it("a burst membrane spills cytoplasm at the cell's edge", () => {
    for (const { changed } of plansOf("burst membrane")) {
      expect(changed.spill.length).toBeGreaterThanOrEqual(3);
      for (const drop of changed.spill) {
        const distance = Math.hypot(drop.x - changed.center.x, drop.y - changed.center.y);
        expect(distance / changed.radius).toBeGreaterThan(0.85);
      }
    }
  });

  it("dark granules lie on the nucleus too", () => {
    for (const { normal, changed } of plansOf("dark granules")) {
      const added = changed.granules.slice(normal.granules.length);
      expect(added).toMatchObject([{ overNucleus: true }]);
      expect(added[0].count).toBeGreaterThanOrEqual(5);
    }
  });

  it("vacuoles are holes inside of the cell", () => {
    for (const { changed } of plansOf("vacuoles")) {
      expect(changed.vacuoles.length).toBeGreaterThanOrEqual(2);
      for (const hole of changed.vacuoles) {
        const distance = Math.hypot(hole.x - changed.center.x, hole.y - changed.center.y);
        expect(distance).toBeLessThan(changed.radius);
      }
    }
  });

  it("a double nucleus is two separate round ones", () => {
    for (const { changed } of plansOf("double nucleus")) {
      const [one, other] = changed.lobes;
      expect(changed.lobes).toHaveLength(2);
      expect(changed.bridge).toBe(0);
      expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThan(one.rx + other.rx - 0.5);
    }
  });
});

describe("normal cells", () => {
  it("fit into the picture and have the nucleus inside of the cell", () => {
    for (const [kind, plan] of Object.entries(normalCells)) {
      for (let seed = 0; seed < 100; seed++) {
        const cell = plan(new Random(seed));
        expect(Math.abs(cell.center.x - 32) + cell.radius, kind).toBeLessThan(32);
        for (const lobe of cell.lobes) {
          const distance = Math.hypot(lobe.x - cell.center.x, lobe.y - cell.center.y);
          expect(distance + Math.min(lobe.rx, lobe.ry), kind).toBeLessThan(cell.radius * 1.05);
        }
      }
    }
  });
});
