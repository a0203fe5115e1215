import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { encode } from "fast-png";
import { cacheFolder } from "../../core/data-folders.js";
import { checkOptions, integerIn } from "../../core/options.js";
import { ProgressMeter } from "../../core/progress.js";
import type { AnnotatedObject } from "../voc/annotation.js";
import { drawScene, type Scene } from "./scene.js";

/** Where and how `syntheticVocFolder` writes. */
export interface SyntheticVocOptions {
  /** Seed of the pictures. @default 0 */
  seed?: number;
  /** The folder; left alone where it is there already. @default "synthetic-voc/SEED" in the cache folder */
  folder?: string;
}

const trainScenes = 16;
const testScenes = 10;

/**
 * Writes a small folder in the form of PASCAL VOC, drawn from a seed: scenes with several cells and a box around each.
 *
 * Three kinds of cells have enough large boxes to train. "vacuoles" has a few, "small cell" none of 120 pixels; one box has
 * no area, one lies outside of its picture, and one reaches beyond it, as in folders that people annotate.
 *
 * @param options - seed and folder
 * @returns path of the folder; it appears when it is complete
 * @throws Aborted when interrupted
 */
export async function syntheticVocFolder(options: SyntheticVocOptions = {}): Promise<string> {
  checkOptions("syntheticVocFolder", options, ["seed", "folder"]);
  const seed = integerIn("seed", options.seed ?? 0, 0, Number.MAX_SAFE_INTEGER);
  const folder = options.folder ?? join(cacheFolder(), "synthetic-voc", String(seed));
  if (existsSync(join(folder, "ImageSets", "Main", "test.txt"))) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const unfinished = `${folder}.${process.pid}.tmp`;
  try {
    await writeScenes(unfinished, seed);
    await rename(unfinished, folder).catch((error: unknown) => {
      if (!existsSync(join(folder, "ImageSets"))) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}

async function writeScenes(folder: string, seed: number): Promise<void> {
  for (const part of ["JPEGImages", "Annotations", "ImageSets/Main"]) {
    await mkdir(join(folder, part), { recursive: true });
  }
  const names = { train: [] as string[], test: [] as string[] };
  const meter = new ProgressMeter("drawing scenes", trainScenes + testScenes, "scenes");
  try {
    for (let i = 0; i < trainScenes + testScenes; i++) {
      const name = `scene-${String(i).padStart(3, "0")}`;
      const scene = drawScene(kindsOf(i), `${seed}/${i}`);
      await writeFile(join(folder, "JPEGImages", `${name}.png`), encode({ ...scene.image, depth: 8 }));
      await writeFile(join(folder, "Annotations", `${name}.xml`), annotationOf(name, i, scene));
      names[i < trainScenes ? "train" : "test"].push(name);
      await meter.add(1);
    }
  } finally {
    meter.close();
  }
  for (const part of ["train", "test"] as const) {
    await writeFile(join(folder, "ImageSets", "Main", `${part}.txt`), `${names[part].join("\n")}\n`);
  }
}

/** Every scene has three or four objects; each fifth has one of the rare kind. */
function kindsOf(i: number): string[] {
  const kinds = ["round nucleus", "two lobes", "segmented nucleus"];
  const third = i % 5 === 4 ? "vacuoles" : kinds[(i + 2) % 3];
  return [kinds[i % 3], kinds[(i + 1) % 3], third, ...(i % 2 === 0 ? ["small cell"] : [kinds[i % 3]])];
}

function annotationOf(name: string, i: number, { image, objects }: Scene): string {
  const { width, height } = image;
  const all = [...objects, ...blunders(i, objects[0], width, height)];
  return [
    "<annotation>",
    `  <filename>${name}.png</filename>`,
    `  <size><width>${width}</width><height>${height}</height><depth>3</depth></size>`,
    ...all.flatMap(({ name: kind, box }) => [
      `  <object><name>${kind}</name>`,
      `    <bndbox><xmin>${box?.left}</xmin><ymin>${box?.top}</ymin><xmax>${box?.right}</xmax><ymax>${box?.bottom}</ymax></bndbox>`,
      "  </object>",
    ]),
    "</annotation>",
    "",
  ].join("\n");
}

/** What annotators do by mistake, once each. */
function blunders(
  i: number,
  { name, box }: AnnotatedObject,
  width: number,
  height: number,
): AnnotatedObject[] {
  if (!box) return [];
  if (i === 1) return [{ name, box: { ...box, right: box.left } }];
  if (i === 2) return [{ name, box: { left: width + 10, top: 0, right: width + 140, bottom: 130 } }];
  if (i === 3)
    return [{ name, box: { left: width - 130, top: height - 130, right: width + 9, bottom: height } }];
  return [];
}
