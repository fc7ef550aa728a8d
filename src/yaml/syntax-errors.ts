const syntaxWords: Readonly<Record<string, string>> = {
  BAD_INDENT: "its indentation fits nothing around it",
  TAB_AS_INDENT: "a tab indents a line",
  DUPLICATE_KEY: "a key is there twice",
  BAD_ALIAS: "an alias without an anchor before it",
  MULTIPLE_DOCS: "a second document where one is meant",
  MISSING_CHAR: "a bracket, quote or colon is missing",
  UNEXPECTED_TOKEN: "this does not belong here",
  BLOCK_AS_IMPLICIT_KEY: "a nested object needs a line of its own",
  MULTILINE_IMPLICIT_KEY: "a key cannot go over two lines",
  BLOCK_IN_FLOW: "a block cannot stand inside brackets",
  BAD_SCALAR_START: "a value cannot begin with this character",
  BAD_DQ_ESCAPE: "an unknown escape in double quotes",
  IMPOSSIBLE: "this is no YAML",
};

/** What is wrong where a parser of YAML stops, by its code. */
export function describeSyntaxError(code: string): string {
  return syntaxWords[code] ?? "this is no YAML";
}
