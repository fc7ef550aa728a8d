const words: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "not permitted",
  ENOENT: "it does not exist",
  EEXIST: "something else stands there already",
  ELOOP: "its links go round in a circle",
  EIO: "the disk reports an error",
  ENOSPC: "the disk is full",
  EDQUOT: "the quota is used up",
  EFBIG: "it would be larger than files may be here",
  EROFS: "the file system is read-only",
  EBUSY: "it is in use",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is no folder",
  ENOTEMPTY: "the folder is not empty",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  ENAMETOOLONG: "its name is too long",
  EXDEV: "it is on another file system",
};

/** Why a call to the file system failed, in words. What is no such failure is a defect of ours, and is thrown on. */
export function describeFileError(cause: unknown): string {
  const code = (cause as { code?: unknown }).code;
  if (typeof code !== "string" || !/^E[A-Z0-9]+$/.test(code)) throw cause;
  return words[code] ?? code;
}
