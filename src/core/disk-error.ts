import { DataError } from "./errors.js";

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "no space is left on the device",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file is larger than the system allows",
  EACCES: "writing there is not permitted",
  EPERM: "writing there is not permitted",
  EROFS: "the file system can only be read",
  ENOTDIR: "a part of the path is a file",
  EISDIR: "a folder is there under that name",
  EIO: "the device reports an error",
};

/**
 * @param error - anything thrown
 * @returns whether the disk is at fault, so that trying again is of no use
 */
export function isDiskError(error: unknown): error is NodeJS.ErrnoException {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code !== undefined && Object.hasOwn(reasons, code) && syscall !== "connect";
}

/**
 * @param error - what the disk reported
 * @param path - the file or folder that was to be written
 * @param otherwise - what can be done but making room
 * @returns the error to throw: what is wrong, in a sentence, and what to do
 */
export function diskError(
  error: NodeJS.ErrnoException,
  path: string,
  otherwise = "name another folder in DN2_CACHE",
): DataError {
  return new DataError(
    `${path} could not be written (${reasons[String(error.code)]}): make room, or ${otherwise}; what came so far is kept`,
    path,
    error,
  );
}
