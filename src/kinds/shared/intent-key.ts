/** `isolationzone/pci`: how an intent is called in the lock, in labels and on the command line. */
export function formatIntentId(kind: string, name: string): string {
  return `${kind.toLowerCase()}/${name}`;
}
