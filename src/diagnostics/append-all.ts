/** Adds to a list what another holds, however much that is: arguments, and so `push(...more)`, are bounded by the stack. */
export function appendAll<One>(list: One[], more: readonly One[]): void {
  for (const one of more) list.push(one);
}
