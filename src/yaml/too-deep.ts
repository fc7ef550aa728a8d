/** Deeper than any manifest, and far from where a recursive reader runs out of stack. */
const DEPTH_MAX = 100;

/**
 * Where a text is nested too deep to be read, if it is. A bound that is safe to compute: brackets that are open at once,
 * and dashes or columns before a value.
 */
export function findTooDeep(text: string): number | undefined {
  let open = 0;
  let indent = 0;
  let leading = true;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10) {
      indent = 0;
      leading = true;
    } else if (code === 91 || code === 123) open++;
    else if (code === 93 || code === 125) open = Math.max(0, open - 1);
    else if (leading && (code === 45 || code === 63)) indent++;
    else if (leading && code !== 32) leading = false;
    if (open > DEPTH_MAX || indent > DEPTH_MAX) return i;
  }
  return undefined;
}
