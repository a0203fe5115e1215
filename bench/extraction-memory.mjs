import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { encode, Image } from "image-js";
import { Random } from "../dist/src/core/random.js";

/*
 * Peak memory of `dn2 extract` for folders of 1,000, 4,000 and 16,000 JPEG files, each in a process of its own with a cache of its own.
 */
const { values: args } = parseArgs({
  options: {
    counts: { type: "string", default: "1000,4000,16000" },
    extractor: { type: "string", default: "embedded" },
  },
});
const program = join(import.meta.dirname, "../dist/cli/dn2.js");
const folder = mkdtempSync(join(tmpdir(), "dn2-extraction-memory-"));
const [width, height] = [320, 240];

/** Pictures of different sizes on disk: coarse blocks of chance colours under some noise. */
function pictures(random, count) {
  return Array.from({ length: count }, (_, p) => {
    const block = 4 << (p % 4);
    const across = Math.ceil(width / block);
    const colors = Uint8Array.from({ length: 3 * across * Math.ceil(height / block) }, () =>
      random.integer(240),
    );
    const data = Uint8Array.from({ length: 3 * width * height }, (_, at) => {
      const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
      return (
        colors[3 * (Math.floor(y / block) * across + Math.floor(x / block)) + (at % 3)] + random.integer(16)
      );
    });
    return encode(new Image(width, height, { data }), { format: "jpeg" });
  });
}

/** The same picture with a number in a comment segment: another content for the cache, the same work to decode. */
function numbered(jpeg, number) {
  const comment = Buffer.alloc(8);
  comment.writeUInt16BE(0xfffe, 0);
  comment.writeUInt16BE(6, 2);
  comment.writeUInt32BE(number, 4);
  return Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)]);
}

function extract(photos, count) {
  const report = `import { writeSync } from "node:fs";
    process.on("exit", () => writeSync(3, String(process.resourceUsage().maxRSS)));`;
  const words = ["extract", photos, "--extractor", args.extractor, "--output", join(folder, `${count}.npy`)];
  const child = spawn(
    process.execPath,
    [
      ...["--import", `data:text/javascript,${encodeURIComponent(report)}`, program],
      ...[...words, "--cache", join(folder, `cache-${count}`)],
    ],
    { stdio: ["ignore", "inherit", "ignore", "pipe"] },
  );
  let peak = "";
  child.stdio[3].setEncoding("utf8").on("data", (text) => {
    peak += text;
  });
  return new Promise((resolve, reject) =>
    child.on("close", (code, signal) =>
      code === 0
        ? resolve(Number(peak) / 1024)
        : reject(new Error(`dn2 extract ended with ${signal ?? code}`)),
    ),
  );
}

try {
  process.stdout.write(
    `dn2 extract, ${args.extractor}, JPEG files of ${width} x ${height}; ${cpus()[0].model}, ${cpus().length} cores, Node ${process.versions.node}\n`,
  );
  const some = pictures(new Random(1), 16);
  for (const count of args.counts.split(",").map(Number)) {
    const photos = join(folder, `photos-${count}`);
    mkdirSync(photos);
    for (let i = 0; i < count; i++) {
      writeFileSync(join(photos, `${i}.jpg`), numbered(some[i % some.length], i));
    }
    const began = performance.now();
    const peak = await extract(photos, count);
    const seconds = (performance.now() - began) / 1000;
    process.stdout.write(
      `  ${String(count).padStart(7)} images  peak ${Math.round(peak)} MB  ${seconds.toFixed(1)} s, the start included\n`,
    );
    rmSync(photos, { recursive: true });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
