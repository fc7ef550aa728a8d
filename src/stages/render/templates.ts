import type HandlebarsWhole from "handlebars";
import runtime from "handlebars/runtime.js";
import { compiledTemplates } from "../../generated/templates.ts";
import { runTemplate, type TemplateLimits, type TemplateRun } from "../../template/run-template.ts";
import type { Template } from "../../template/template.ts";
import { templateHelpers } from "./helpers.ts";

export type TemplateRenderer = (data: unknown) => string;

/** The built-in templates, by name; made when first asked for. */
const engine = (runtime as unknown as typeof HandlebarsWhole).create();
for (const [name, helper] of Object.entries(templateHelpers)) engine.registerHelper(name, helper);

const built = new Map<string, TemplateRenderer>();

export const templateNames: readonly string[] = Object.keys(compiledTemplates);

/** How a built-in template spells, by name. */
export function findTemplate(name: string): TemplateRenderer {
  const known = built.get(name);
  if (known) return known;
  const compiled = (compiledTemplates as Record<string, unknown>)[name];
  if (compiled === undefined) throw new Error(`no template is called ${name}`);
  const template = engine.template(compiled as never);
  const render: TemplateRenderer = (data) => template(data, options);
  built.set(name, render);
  return render;
}

/** Nothing of Object.prototype can be reached from a template. */
const options = { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false };

/** Templates of the project, by the name of the built-in one that each replaces. */
export type OwnTemplates = ReadonlyMap<string, Template>;

/** What a template of the project spells. It may write a few times what the built-in one does, and no more. */
export function runOwnTemplate(template: Template, data: unknown): TemplateRun {
  const length = findTemplate(template.name)(data).length;
  const limits: TemplateLimits = { steps: 10_000 + 4 * length, characters: 16_384 + 4 * length };
  return runTemplate(template, data, templateHelpers, limits);
}
