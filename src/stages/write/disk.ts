import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from "node:fs";

/** The calls that writing is made of. A test makes each of them fail in turn. */
export interface Disk {
  exists(path: string): boolean;
  isFolder(path: string): boolean;
  read(path: string): Buffer;
  /** Where a path leads once every link on it is followed. */
  real(path: string): string;
  /** Whole names below a folder, folders not included, with forward slashes. */
  list(folder: string): readonly string[];
  /** `synced` fails if the file is there already, and is on the disk when it returns. */
  write(path: string, text: string, how?: "plain" | "synced"): void;
  /** Puts a short text under a name in one step, so that nobody ever sees half of it. Fails if the name is taken. */
  claim(path: string, text: string): void;
  /** The text that a name was claimed with. */
  claimed(path: string): string;
  rename(from: string, to: string): void;
  remove(path: string): void;
  /** Only an empty one. */
  removeFolder(path: string): void;
  removeTree(path: string): void;
  makeFolder(path: string): void;
  /** Fails where this process may not add or remove names in a folder. */
  mayChange(folder: string): void;
}

export const disk: Disk = {
  exists: existsSync,
  isFolder: (path) => existsSync(path) && lstatSync(path).isDirectory(),
  read: (path) => readFileSync(path),
  real: (path) => realpathSync(path),
  list(folder) {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1).replaceAll("\\", "/"))
      .sort();
  },
  write(path, text, how = "plain") {
    const handle = openSync(path, how === "plain" ? "w" : "wx", 0o644);
    try {
      const bytes = Buffer.from(text, "utf8");
      let done = 0;
      while (done < bytes.length) done += writeSync(handle, bytes, done);
      if (how === "synced") fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  },
  // A link to nowhere is made with its text at once, which no file is.
  claim: (path, text) => symlinkSync(text, path),
  claimed: (path) => (lstatSync(path).isSymbolicLink() ? readlinkSync(path) : readFileSync(path, "utf8")),
  rename: renameSync,
  remove: unlinkSync,
  removeFolder: rmdirSync,
  removeTree: (path) => rmSync(path, { recursive: true, force: true }),
  makeFolder: (path) => void mkdirSync(path, { recursive: true }),
  mayChange: (folder) => accessSync(folder, constants.W_OK | constants.X_OK),
};
