import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isDiskError } from "../../core/disk-error.js";
import { Aborted, DataError, messageOf } from "../../core/errors.js";
import { hashFiles } from "../hash.js";
import type { UnpackRule } from "./catalog.js";
import { UnpackPlan } from "./unpack-plan.js";
import { unpackTarGz } from "./unpack-tar.js";
import { unpackZip } from "./unpack-zip.js";

/**
 * Unpacks the wanted files of a .zip or .tar.gz archive, told apart by content, into a folder that appears when all is
 * there and verified.
 *
 * @param archive - the archive
 * @param folder - the folder to make; it must not exist, and nobody else may unpack to it at the same time
 * @param rule - what is kept
 * @param signal - aborts
 * @throws DataError when the archive is damaged, an entry is a link or leads out of the folder, sizes or counts are
 *   beyond what the rule allows, or the files are not those of the rule
 * @throws Aborted when interrupted; the archive stays
 */
export async function unpackArchive(
  archive: string,
  folder: string,
  rule: UnpackRule,
  signal?: AbortSignal,
): Promise<void> {
  const temporary = `${folder}.${randomUUID()}.tmp`;
  try {
    await removeLeftovers(folder);
    await mkdir(temporary, { recursive: true });
    const plan = new UnpackPlan(archive, rule);
    const unpack = (await isZip(archive)) ? unpackZip : unpackTarGz;
    await unpack(plan, temporary, signal);
    const { kept } = plan;
    if (kept.length !== rule.files) {
      plan.refuse(`must hold ${rule.files} of the wanted files; it holds ${kept.length}`);
    }
    const found = kept.length > 0 ? await hashFiles(temporary, kept) : createHash("sha256").digest("hex");
    if (found !== rule.sha256) {
      plan.refuse(`must unpack to files with sha256 ${rule.sha256}; they have ${found}`);
    }
    await rename(temporary, folder);
  } catch (error) {
    if (error instanceof DataError || error instanceof Aborted || isDiskError(error)) throw error;
    throw new DataError(`${archive} cannot be unpacked: ${messageOf(error)}`, archive, error);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** What a process that was killed while it unpacked has left; the caller lets no other process unpack there now. */
async function removeLeftovers(folder: string): Promise<void> {
  const [parent, name] = [dirname(folder), basename(folder)];
  const leftovers = (await readdir(parent)).filter(
    (one) => one.startsWith(`${name}.`) && /^[0-9a-f-]{36}\.tmp$/.test(one.slice(name.length + 1)),
  );
  for (const one of leftovers) await rm(join(parent, one), { recursive: true, force: true });
}

async function isZip(archive: string): Promise<boolean> {
  const file = await open(archive, "r");
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.readUInt16LE(0) === 0x4b50;
  } finally {
    await file.close();
  }
}
