import { createHash } from "node:crypto";
import { constants, existsSync } from "node:fs";
import { access, mkdir, readFile, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { DataError } from "../../core/errors.js";
import { writeFileAtomically } from "../../core/write-file.js";
import type { DistillationContent } from "./content.js";

const ending = ".safetensors";

/** The files of a distillation, all beside one another. */
export class OutputFiles {
  /** Name without folder and ending. */
  readonly name: string;
  /** The extractor. */
  readonly extractor: string;
  /** What tells about it. */
  readonly record: string;
  /** Folder of what is needed to go on; removed when the extractor is finished. */
  readonly work: string;
  /** State of the training. */
  readonly checkpoint: string;
  /** The teacher's features, where no cache keeps them. */
  readonly features: string;
  /** Held while a process trains. */
  readonly lock: string;

  /** @param output - path without ending, or with .safetensors */
  constructor(output: string) {
    const base = resolve(output.endsWith(ending) ? output.slice(0, -ending.length) : output);
    this.name = basename(base);
    this.extractor = `${base}${ending}`;
    this.record = `${base}.json`;
    this.work = `${base}.training`;
    this.checkpoint = join(this.work, `state${ending}`);
    this.features = join(this.work, "features");
    this.lock = `${base}.lock`;
  }

  /**
   * Makes the folder.
   *
   * @throws DataError when it can neither be written nor made
   */
  async prepare(): Promise<void> {
    const folder = dirname(this.record);
    try {
      await mkdir(folder, { recursive: true });
      await access(folder, constants.W_OK);
    } catch {
      throw new DataError(`output must be in a folder that can be written or made; got ${folder}`, folder);
    }
  }

  /**
   * @returns what an earlier call wrote; undefined when there was none
   * @throws DataError when there are files under the name that no call wrote
   */
  async read(): Promise<DistillationContent | undefined> {
    const taken = (path: string, what: string) =>
      new DataError(`${path} ${what}; name another output, or move the file away`, path);
    if (!existsSync(this.record)) {
      if (existsSync(this.extractor))
        throw taken(this.extractor, "must not be there before its extractor is distilled");
      return undefined;
    }
    let content: DistillationContent;
    try {
      content = JSON.parse(await readFile(this.record, "utf8"));
    } catch {
      throw taken(this.record, "must be what an earlier distillation wrote; it is no JSON");
    }
    if (content?.kind !== "dn2 distillation" || content.format !== 1) {
      throw taken(this.record, "must be what an earlier distillation wrote; it is something else");
    }
    return content;
  }

  /**
   * @param earlier - what an earlier call wrote
   * @param asked - what decides about the result that is asked for now
   * @throws DataError naming what differs
   */
  requireSame({ decisive }: DistillationContent, asked: Readonly<Record<string, string>>): void {
    const differing = Object.keys({ ...decisive, ...asked }).filter((name) => decisive[name] !== asked[name]);
    if (differing.length === 0) return;
    const list = differing.map((name) => `${name}: ${decisive[name]}, asked for ${asked[name]}`).join("; ");
    throw new DataError(
      `${this.record} must be of the same distillation (${list}); give the same options, name another output, or delete ${this.name}.*`,
      this.record,
    );
  }

  /**
   * @param content - what an earlier call wrote
   * @returns whether the extractor's file is the one it tells about
   */
  async holds({ extractor }: DistillationContent): Promise<boolean> {
    try {
      const bytes = await readFile(this.extractor);
      return createHash("sha256").update(bytes).digest("hex") === extractor.sha256;
    } catch {
      return false;
    }
  }

  /** @param content - replaces what was written before */
  async write(content: DistillationContent): Promise<void> {
    await writeFileAtomically(this.record, `${JSON.stringify(content, null, 2)}\n`);
  }

  /** Removes what was needed to go on. */
  async clean(): Promise<void> {
    await rm(this.work, { recursive: true, force: true });
  }
}
