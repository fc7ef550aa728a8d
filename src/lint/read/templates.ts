/** Stands for what a template puts in: one for each character, so that offsets stay. From Unicode's private use area. */
export const FILLER = "\ue000";

export interface MaskedText {
  /** As long as the text it came from. */
  readonly text: string;
  readonly templated: boolean;
}

/** A line of nothing but actions of a template, or statements and comments of Jinja. */
const ACTIONS_ONLY = /^[ \t]*(?:\{\{(?:[^{}]|\}(?!\})|\{(?!\{))*\}\}[ \t]*|\{[%#][^\n]*?[%#]\}[ \t]*)+$/gm;
const ACTION = /\{\{(?:[^}]|\}(?!\}))*\}\}|\{%[^\n]*?%\}|\{#[^\n]*?#\}/g;

/** Lines that steer a template whose owner chose other marks, such as `#% if x %#`. YAML reads most of them as comments. */
const STEERING = /^[ \t]*(?:#%|<%|\[%|#\[%|%\{)[^\n]*\b(?:if|else|elif|for|end|endif|endfor)\b/m;

/**
 * A text with Helm's and Jinja's actions taken out, so that the rest can be read as YAML: lines of nothing else become
 * blank, an action within a line becomes a run of FILLER.
 */
export function maskTemplates(text: string): MaskedText {
  if (!text.includes("{{") && !text.includes("{%")) return { text, templated: STEERING.test(text) };
  const blanked = text.replace(ACTIONS_ONLY, (line) => " ".repeat(line.length));
  return { text: blanked.replace(ACTION, (action) => FILLER.repeat(action.length)), templated: true };
}

/** Marks of values that something else puts in before Kubernetes sees them: Flux, envsubst, kpt, documentation. */
const SUBSTITUTED =
  /\ue000|\$[A-Za-z_{(]|\{\{|<[^<>]+>|__[A-Z]\w*__|%[A-Z_]+%|@[A-Z_]+@|^\.\.\.$|\bx{1,3}[.:]x|^(your|change|replace|insert)[_-]|\b(change|replace)_?-?me\b|^\s*_[a-z]+_\s*$|^(todo|tbd|fixme|placeholder|[a-z]+Value)$/i;

/** Whether a text is not yet what Kubernetes will see. */
export function hasTemplateFiller(text: string): boolean {
  return SUBSTITUTED.test(text);
}
