import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { commandLine } from "../helpers/command-line.js";

const folder = mkdtempSync(join(tmpdir(), "dn2-exit-codes-"));
afterAll(() => rmSync(folder, { recursive: true }));

const place = (...names: string[]) => join(folder, ...names);
for (const name of ["empty", "texts", "damaged", "taken.npy", "cells"]) mkdirSync(place(name));
writeFileSync(place("texts", "a.txt"), "no picture");
writeFileSync(place("texts", "note.ipynb"), "no notebook");
writeFileSync(place("damaged", "a.png"), "no picture");
const parameter = { cell_type: "code", metadata: { tags: ["parameters"] }, source: "const k = 2;" };
writeFileSync(
  place("cells", "a.ipynb"),
  JSON.stringify({ cells: [{ ...parameter, outputs: [] }], metadata: {}, nbformat: 4, nbformat_minor: 4 }),
);

async function refused(words: readonly string[], code: number, message: RegExp): Promise<void> {
  const answer = await commandLine(...words);
  expect(answer.err).toMatch(message);
  expect({ code: answer.code, out: answer.out }).toEqual({ code, out: "" });
}

describe("exit code 2: the command line asks for what cannot be", () => {
  const [nowhere, text, npy] = [place("nowhere"), place("texts", "a.txt"), place("x.npy")];
  const below = join(text, "below");
  it.each<[string[], RegExp]>([
    [["rnu", "unimodal"], /^dn2: unknown command rnu \(did you mean run\?\); valid commands are run, /],
    [["kernel", "instal"], /unknown command kernel instal \(did you mean kernel install\?\)/],
    [["run", "unimoda"], /unknown experiment unimoda \(did you mean unimodal\?\); valid experiments are/],
    [["run", "unimodal", "--datset", "wbc"], /unknown option --datset \(did you mean --dataset\?\); valid/],
    [["run", "unimodal", "--dataset", "wcb"], /unknown data set wcb \(did you mean wbc\?\); valid data sets/],
    [["run", "unimodal", "--extractor", "embeded"], /got embeded \(did you mean embedded\?\)$/m],
    [["run", "unimodal", "--distance", "euclidian"], /got euclidian \(did you mean euclidean\?\)$/m],
    [["fetch", "resnet11"], /unknown data set or weights resnet11 \(did you mean resnet18\?\); valid/],
    [
      ["run", "unimodal", "--dataset", place("empty")],
      /empty must hold at least one image .*; it holds none/,
    ],
    [["run", "unimodal", "--dataset", place("texts")], /texts must hold at least one image/],
    [
      ["run", "unimodal", "--cache", text],
      /--cache must be a folder, or a name for a new one; .*a\.txt is none/,
    ],
    [["extract", nowhere, "--output", npy], /extract needs a folder of images; .*nowhere is none/],
    [["extract", place("empty"), "--output", npy], /empty must hold at least one image/],
    [
      ["extract", place("damaged"), "--output", place("taken.npy")],
      /--output must be a file; .* is a folder/,
    ],
    [["distill", place("empty"), "--teacher", "embedded"], /empty must hold at least one image/],
    [["fetch", "cifar10", "--catalog", nowhere], /--catalog needs a file .*; there is no .*nowhere/],
    [["fetch", "synthetic-voc"], /synthetic-voc is part of dn2: there is nothing to fetch/],
    [["doctor", "please"], /doctor takes no names; got please/],
    [
      ["notebook", "run", place("cells"), "-f", text],
      /--parameters-file must be a JSON file; .*: it is not JSON$/m,
    ],
    [["check", nowhere], /check needs one notebook or record \(\.ipynb or \.json\); there is no .*nowhere/],
    [["check", join(text, "below.json")], /check needs one notebook or record .*; there is no .*below\.json/],
    [["check", place("empty")], /check needs one notebook or record .*; .*empty is a folder/],
    [["share", nowhere], /share needs one executed notebook; there is no .*nowhere/],
    [["share", place("empty")], /share needs one executed notebook; .*empty is a folder/],
    [["notebook", "parameters", nowhere], /notebook parameters needs one notebook; there is no .*nowhere/],
    [["notebook", "run", place("empty")], /there is no notebook in the folder/],
    [["notebook", "run", place("cells"), "--folder", text], /--folder must be a folder that exists/],
    [["notebook", "run", place("cells"), "-p", "k=many"], /the parameter k must be a number.*; got "many"/],
    [["cache", "list", "--cache", text], /--cache must be a folder, or a name for a new one/],
    [["run", "unimodal", "--dataset", below], /unknown data set .*below; valid data sets are/],
    [
      ["run", "unimodal", "--extractor", `${below}.safetensors`],
      /--extractor must be one of .*; got .*below/,
    ],
    [["extract", below, "--output", npy], /extract needs a folder of images; .*below is none/],
    [["extract", place("damaged"), "--output", `${below}.npy`], /--output must be in a folder that can be/],
    [["notebook", "run", place("cells"), "--folder", below], /--folder must be a folder that exists/],
    [["notebook", "run", below], /there is no notebook .*below/],
    [["kernel", "install", "--prefix", below], /--prefix must be a folder that exists/],
    [["kernel", "install", "--prefix", text], /--prefix must be a folder that exists; .*a\.txt is none/],
  ])("dn2 %j", async (words, message) => refused(words, 2, message));
});

describe("exit code 1: what is there does not do", () => {
  const cache = place("cache");
  it.each<[string[], RegExp]>([
    [
      ["extract", place("damaged"), "--output", place("x.npy"), "--cache", cache],
      /a\.png: it is no image[\s\S]*dn2: at least one readable image is needed; damaged has none/,
    ],
    [["extract", place("damaged"), "--output", place("x.npy"), "--no-cache"], /one readable image is needed/],
    [["fetch", "cifar10", "--catalog", place("texts", "a.txt")], /must be a catalog .*; it is not JSON$/m],
    [["check", place("texts", "note.ipynb")], /cannot read the notebook .*note\.ipynb: it is not JSON/],
    [["check", place("cells", "a.ipynb")], /a\.ipynb shows no run record, .*; --execute runs its cells/],
    [["notebook", "run", place("texts", "note.ipynb")], /cannot read the notebook/],
    [["share", place("cells", "a.ipynb")], /must be executed/],
  ])("dn2 %j", async (words, message) => {
    await refused(words, 1, message);
    expect(readdirSync(folder).filter((name) => name.startsWith("x."))).toEqual([]);
  });
});

it("a reader that has seen enough and closes the pipe ends no command with a trace", async () => {
  const program = join(import.meta.dirname, "../../dist/cli/dn2.js");
  const child = spawn(process.execPath, [program, "fetch", "--list", "--json"]);
  child.stdout.destroy();
  let err = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    err += text;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect({ code, err }).toEqual({ code: 0, err: "" });
});
