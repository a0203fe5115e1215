import type { Ellipse, Point } from "./shapes.js";

/** Red, green and blue, 0 to 255. */
export type Color = readonly [number, number, number];

/** Small grains in a cell. */
export interface Granules {
  /** How many. */
  readonly count: number;
  /** Mean radius in units. */
  readonly radius: number;
  /** Their color. */
  readonly color: Color;
  /** Opacity, 0 to 1. */
  readonly opacity: number;
  /** Whether they also lie on the nucleus. */
  readonly overNucleus: boolean;
}

/** Everything that is drawn of one white blood cell, in units of 1/64 of the picture's side. */
export interface CellPlan {
  /** Center and radius of the cell. */
  readonly center: Point;
  /** Radius of the cell. */
  readonly radius: number;
  /** How far the outline strays from a circle, in units. */
  readonly irregularity: number;
  /** Color of the cytoplasm. */
  readonly cytoplasm: Color;
  /** Color of the nucleus. */
  readonly nucleus: Color;
  /** How strongly the nucleus is mottled, 0 to 1. */
  readonly chromatin: number;
  /** Parts of the nucleus, in a row; neighbours are joined by bridges. */
  readonly lobes: readonly Ellipse[];
  /** Half the thickness of the bridges between lobes; 0 = no bridges. */
  readonly bridge: number;
  /** Grains in the cytoplasm, layer by layer. */
  readonly granules: readonly Granules[];
  /** Clear holes. */
  readonly vacuoles: readonly Ellipse[];
  /** Where the membrane has burst: spilt cytoplasm; empty when it is whole. */
  readonly spill: readonly Ellipse[];
}
