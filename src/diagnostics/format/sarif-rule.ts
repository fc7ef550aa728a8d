import { buildPageAddress } from "../docs-address.ts";

/** What code scanning takes of a text that describes a rule. */
const TEXT_MAX = 1024;

const levels = { error: "error", warning: "warning", note: "recommendation" } as const;

/** A rule, with its page: code scanning shows it beside each result. */
export function buildSarifRule(code: string, severity: keyof typeof levels, page: string | undefined) {
  const [owner = "", slug = code] = code.split("/");
  const meaning = firstParagraph(page) ?? slug.replaceAll("-", " ");
  const command = `Run "plumbline explain ${code}" for this page.`;
  return {
    id: code,
    name: [owner, ...slug.split("-")].map(capital).join(""),
    shortDescription: { text: truncate(firstSentence(meaning)) },
    fullDescription: { text: truncate(meaning) },
    help: { text: page ? `${page.trimEnd()}\n\n${command}\n` : command, ...(page && { markdown: page }) },
    helpUri: buildPageAddress(code),
    defaultConfiguration: { level: severity },
    properties: {
      precision: "very-high",
      "problem.severity": levels[severity],
      tags: ["kubernetes", "network", ...(owner === "verify" ? ["security"] : [])],
    },
  };
}

/** What follows the first heading, without the marks of Markdown. */
function firstParagraph(page: string | undefined): string | undefined {
  const paragraph = /^#[^\n]*\n+([\s\S]*?)(?=\n\n|$)/.exec(page ?? "")?.[1];
  return paragraph
    ?.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[`*]|\s+/g, (mark) => (/\s/.test(mark) ? " " : ""));
}

function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text;
}

function truncate(text: string): string {
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX - 1)}…` : text;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
